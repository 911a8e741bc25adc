package dnsmasq

import (
	"strings"

	"github.com/bootrig/bootrig/server/config"
)

// tftpOptions say what is served by TFTP and how.
func tftpOptions() map[string]option {
	return map[string]option{
		"enable-tftp":       {optional, (*reader).enableTFTP},
		"tftp-root":         {required, (*reader).tftpRoot},
		"tftp-unique-root":  {optional, (*reader).tftpUniqueRoot},
		"tftp-max":          {required, (*reader).tftpMax},
		"tftp-mtu":          {required, (*reader).tftpMTU},
		"tftp-port-range":   {required, (*reader).tftpPortRange},
		"tftp-secure":       flag(func(t *config.TFTP) { t.Secure = true }),
		"tftp-no-blocksize": flag(func(t *config.TFTP) { t.NoBlocksize = true }),
		"tftp-lowercase":    flag(func(t *config.TFTP) { t.Lowercase = true }),
		"tftp-no-fail":      flag(func(t *config.TFTP) { t.NoFail = true }),
		"tftp-single-port":  flag(func(t *config.TFTP) { t.SinglePort = true }),
		"quiet-tftp":        flag(func(t *config.TFTP) { t.Quiet = true }),
	}
}

func flag(set func(*config.TFTP)) option {
	return option{none, func(r *reader, _ text) { set(&r.cfg.TFTP) }}
}

func (r *reader) enableTFTP(value text) {
	r.cfg.TFTP.Enabled = true
	if value != nil {
		names := interfaceNames(value)
		if len(names) == 0 {
			names = []string{""} // which no interface has
			r.notice("enable-tftp=%s: no interface has that name", value)
		}
		r.cfg.TFTP.Interfaces = append(r.cfg.TFTP.Interfaces, names...)
		r.cfg.TFTP.InterfacesRule = r.rule
	}
}

// tftpRoot reads DIR[,INTERFACE]. Of several the last is the root, but on one interface the first is
// (option.c prepends, tftp.c takes the last of its list).
func (r *reader) tftpRoot(value text) {
	head, rest, single := value.cut()
	dir := head.String()
	switch {
	case dir == "" && !single:
		r.cfg.TFTP.Root, r.cfg.TFTP.Rule = "", "" // takes back a line above
		return
	case dir == "":
		r.wrong("tftp-root=%s: the directory is missing", value)
		return
	case single && len(rest) == 0:
		r.wrong("tftp-root=%s: an interface name is missing", value)
		return
	case !strings.HasPrefix(dir, "/"):
		// tftp.c puts the slash there.
		r.notice("tftp-root=%s means /%s, whatever the directory dnsmasq is started in", dir, dir)
		dir = "/" + dir
	}
	if !single {
		r.cfg.TFTP.Root, r.cfg.TFTP.Rule = dir, r.rule
		return
	}
	r.cfg.TFTP.Roots = append(r.cfg.TFTP.Roots, config.TFTPRoot{Dir: dir, Interface: rest.String(), Rule: r.rule})
}

func (r *reader) tftpUniqueRoot(value text) {
	switch word := strings.ToLower(value.bare()); {
	case value == nil, word == "ip":
		r.cfg.TFTP.UniqueByIP = true
	case word == "mac":
		r.cfg.TFTP.UniqueByMAC = true
	default:
		r.wrong("tftp-unique-root=%s: neither ip nor mac", value)
	}
}

// tftpPortRange reads FIRST,LAST, in whichever order. With 0 for one of them it is any port (tftp.c).
func (r *reader) tftpPortRange(value text) {
	a, b, two := value.cut()
	first, ok := atMost(0xffff, a.String())
	last, ok2 := atMost(0xffff, b.String())
	switch {
	case !two || !ok || !ok2:
		r.wrong("tftp-port-range=%s: not two port numbers, as in tftp-port-range=50000,50999", value)
	case first == 0 || last == 0:
		r.notice("tftp-port-range=%s: with 0 it is any port", value)
	default:
		r.cfg.TFTP.FirstPort, r.cfg.TFTP.LastPort = uint16(min(first, last)), uint16(max(first, last))
	}
}

// tftpMax reads how many transfers may run. With 0 dnsmasq has one at a time (dnsmasq.c, main).
func (r *reader) tftpMax(value text) {
	n, ok := atoi(value.String())
	if !ok {
		r.wrong("tftp-max=%s: not a number", value)
	}
	r.cfg.TFTP.MaxTransfers, r.cfg.TFTP.MaxRule = max(n, 1), r.rule
}

// tftpMTU reads the size of packets; 0 is that of the interface.
func (r *reader) tftpMTU(value text) {
	n, ok := atoi(value.String())
	switch {
	case !ok:
		r.wrong("tftp-mtu=%s: not a number", value)
	case 0 < n && n < 40:
		// A packet holds 20 bytes of IP, 8 of UDP and 4 of TFTP, and RFC 2348 wants blocks of 8 bytes at least.
		r.wrong("tftp-mtu=%s: a packet has 40 bytes at least", value)
	}
	r.cfg.TFTP.MTU = max(n, 0)
}

// finishTFTP looks at what the lines say together.
func (r *reader) finishTFTP(name string) {
	t := &r.cfg.TFTP
	r.rule = name
	switch rooted := t.Root != "" || len(t.Roots) > 0; {
	case t.Enabled && !rooted:
		r.rule = r.at["enable-tftp"]
		r.wrong("enable-tftp without tftp-root would serve every file of this host: add tftp-root=DIRECTORY")
	case t.Enabled && t.Root == "":
		r.rule = t.Roots[0].Rule
		r.notice("there is no tftp-root for other interfaces, where dnsmasq would serve every file of this host; bootrig serves none")
	}
}
