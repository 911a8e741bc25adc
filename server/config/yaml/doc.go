// Package yaml reads and writes bootrig.yaml, the configuration in readable words.
//
// # Usage
//
//	cfg, err := yaml.Load("bootrig.yaml")
//	text := yaml.Print(cfg)
//
// A file is groups of entries. The smallest that boots machines beside the DHCP server of a network:
//
//	networks:
//	  - network: 192.168.9.0/24
//	boot:
//	  - file: pxelinux.0
//	    arch: x86-bios
//	tftp:
//	  root: netboot
//
// What people downloaded needs nothing else; what an entry says besides is for those machines as ever:
//
//	media:
//	  paths: [mine, debian.tar.gz, xcp-ng.iso]
//	  programs: [programs]
//	  seed: answers
//	  starts:
//	    - {tags: lab, entry: debian-install, args: console=ttyS0}
//
// Those with the tag lab install Debian without being asked, and all others have the menu.
// It lies at the top of what TFTP and HTTP serve, of several each below its name; mine, which is none, is laid over
// them. Without networks or leases it is served on all networks of the host, and without an http: group on port 80.
// There is no tftp: root beside it.
//
// It says all that config.Config can hold, so also what dnsmasq.conf has no words for: offers, boot files
// for some architectures, iPXE scripts with features, an HTTP server, media. The keys, each with what it means,
// are in bootrig.schema.json.
//
// Relative directories begin where the file is, not where bootrig was started.
//
// Tags: `tags: [lab, not ipxe]` is for those who have the first and not the second. Where one entry wins,
// that is the last that fits, and those with tags go before those without, as in dnsmasq. A host's own boot
// and offer win over all.
//
// What gives a tag is an entry of tags, of one condition each:
//
//	tags:
//	  - {set: lab, mac: "52:54:00:*:*:*"}
//	  - {set: lab, uuid: 00112233-4455-6677-8899-aabbccddeeff}
//	  - {set: lab, network: 192.168.20.0/24}
//	  - {set: lab, option: 224, contains: SN0042}
//	  - {set: able, features: [http, menu]}
//
// A UUID is written as firmware shows it, and found in either byte order. A serial number is what a machine sends in
// some option. Machines that are in no entry of hosts are `not known`, and boot their own disks by
//
//	boot:
//	  - {local: true, tags: not known}
//
// Texts that are no UTF-8, and bytes, are written hex:e4:f6.
//
// # Why
//
// Each kind of value is one form: its schema, its reading and its printing together, so that the published
// schema, the reader and `bootrig convert` cannot drift apart. The reader works on the syntax tree and not
// on structs, because each entry keeps its line and every mistake is told, not the first.
//
// # Limitations
//
// What is not needed to say all this is not part of the language: anchors, aliases and merged keys, types
// with !, several documents in a file. A file has a megabyte at most.
//
// Print does not keep comments, nor a host's own boot as such: it becomes a boot entry with a tag.
package yaml
