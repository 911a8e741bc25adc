package scenarios_test

import (
	"strings"

	"github.com/bootrig/bootrig/internal/verdict"
)

// web is firmware that boots by HTTP.
func web() chain {
	return chain{set: "bootrig", service: "x86-64_EFI", program: "efi/bootrig.efi", conf: []string{"port=0", "dhcp-range=192.168.9.0,proxy",
		"dhcp-pxe-vendor=PXEClient,HTTPClient", "dhcp-vendorclass=set:http,HTTPClient", "dhcp-boot=tag:http,http://192.168.9.2/efi/bootrig.efi",
		"pxe-service=x86PC,Boot,bootrig", "enable-tftp", "tftp-root=/tftpboot"}}
}

// byScript is an iPXE that is told of its script, which names a program.
func byScript() chain {
	return chain{set: "bootrig", service: "x86PC", program: "bootrig.0", files: map[string]string{"boot.ipxe": "#!ipxe\nchain bootrig.0\n"}, conf: []string{"port=0", "dhcp-range=192.168.9.0,proxy",
		"dhcp-boot=http://192.168.9.2/boot.ipxe,,192.168.9.2", "pxe-service=x86-64_EFI,Boot,efi/bootrig.efi", "enable-tftp", "tftp-root=/tftpboot"}}
}

// behindRelay is a chain on a LAN of its own.
func behindRelay(c chain) chain {
	c.relayed = true
	return c
}

// ofHTTP are the ways in which a chain by HTTP is broken.
func ofHTTP(c chain) []injected {
	all := []injected{
		line("the machine hears nobody", "unheard", "fault cut pc"),
		line("the server is cut off", "no-offer", "fault cut server"),
		line("the machine and the house do not hear each other", "no-lease", "fault cut pc house"),
		line("no OFFER of the server arrives", "no-offer", "fault server offer=never"),
		line("the house is silent", "no-lease", "house silent=on"),
		line("the house is far too slow", "no-lease", "house delay=200s"),
		configured("the machine is ignored", "ignored", "dhcp-host", "dhcp-host=52:54:00:12:34:56,ignore"),
		omitted(c.program, "file-missing"),
		{"HTTP is off", "dead-http", func(b *bench) { b.server = "" }},
	}
	url := func(name, want, to string) injected {
		return injected{name, want, func(b *bench) {
			for n, l := range b.conf {
				if strings.HasPrefix(l, "dhcp-boot=") {
					b.conf[n] = strings.NewReplacer("http://192.168.9.2/", to).Replace(l)
				}
			}
		}}
	}
	all = append(all, url("the URL is another's", "dead-http", "http://192.168.9.77/"), url("the path is another", "file-missing", "http://192.168.9.2/srv/"),
		url("the port is another", "dead-http", "http://192.168.9.2:8080/"))
	all = append(all, ofTheWeb()...)
	if c.edk2() {
		all = append(all, line("a program is called a CD", "http-type", "fault server type=application/vnd.efi-iso"),
			injected{"a program is called nothing", "http-type", func(b *bench) {
				b.lines = append(b.lines, "fault server type=text/plain", "content /tftpboot bootrig")
				url("", "", "http://192.168.9.2/").spoil(b)
				for n := range b.conf {
					b.conf[n] = strings.Replace(b.conf[n], "efi/bootrig.efi", "bootrig.0", 1)
				}
			}})
		return append(all, url("the URL wants TLS", "dead-http", "https://192.168.9.2/"),
			configured("HTTP clients are not let in", "no-offer", "dhcp-pxe-vendor", "log-dhcp"))
	}
	return append(all, replaced("boot.ipxe", "a page", page, "not-a-configuration"), replaced("boot.ipxe", "a pointer", pointer, "not-a-configuration"),
		injected{"boot.ipxe is missing", "file-missing", func(b *bench) { delete(b.files, "boot.ipxe") }})
}

// ofTheWeb are answers of HTTP that lead no further.
func ofTheWeb() []injected {
	return []injected{
		line("HTTP sends it to nobody", "redirected", "fault server http=302:http://192.168.9.77/a.efi"),
		line("HTTP sends it to TLS", "redirected", "fault server http=301:https://192.168.9.2/"),
		line("HTTP forbids it", "file-refused", "fault server http=403"),
		line("HTTP wants a password", "file-refused", "fault server http=401"),
		line("HTTP has an error", "file-refused", "fault server http=500"),
	}
}

// behind is a lab whose house is behind the relay too.
func behind(name, want, text string) injected {
	return injected{name, want, func(b *bench) {
		b.far, b.lines = true, append(b.lines, text)
	}}
}

// ofTheRelay are the ways in which a chain behind a relay is broken.
func ofTheRelay(c chain) []injected {
	return []injected{
		line("the house names no router", "no-route", "house router=off"),
		line("the server is cut off", "no-offer", "fault cut server"),
		behind("the relay passes to the house alone", "relay-elsewhere", "fault cut server"),
		behind("the relay passes to the server alone", "no-lease", "fault cut house"),
		line("the house is silent", "no-lease", "house silent=on"),
		line("port 69 is dead", "dead-tftp", "fault server drop=69"),
		line("port 4011 is dead", "dead-4011", "fault server drop=4011"),
		line("siaddr is another's", "siaddr-elsewhere", "fault server siaddr=192.168.9.77"),
		configured("the server has no such network", "no-offer", "dhcp-range=192.168.10.0", "log-dhcp"),
		configured("the machine is ignored", "ignored", "dhcp-host", "dhcp-host=52:54:00:12:34:56,ignore"),
		omitted(c.program, "file-missing"),
	}
}

// ofTheMenu are menus of a ROM that nobody chooses from.
func ofTheMenu(c chain) []injected {
	menu := func(name, want, prompt string, services ...string) injected {
		return injected{name, want, func(b *bench) {
			configured("", "", "pxe-service", prompt).spoil(b)
			b.conf = append(b.conf, services...)
		}}
	}
	const disk = ",Disk,0"
	boot, other := ",Boot,"+strings.TrimSuffix(c.program, ".0"), ",Other,absent.efi"
	service := "pxe-service=" + c.service
	return []injected{
		menu("a prompt waits for ever", verdict.AtMenu, `pxe-prompt="Press a key"`, service+boot, service+other),
		menu("the menu begins with what is not there", "file-missing", `pxe-prompt="Press a key",3`, service+other, service+boot),
		menu("its disk is first", verdict.Booted, `pxe-prompt="",0`, service+disk, service+boot),
	}
}

// rebooting is a machine that is reset as often behind its kernel.
func rebooting(name, want string, times int) injected {
	return injected{name, want, func(b *bench) {
		b.lines = append(b.lines, strings.Repeat("expect pc "+b.end+"\nreset pc\n", times))
	}}
}
