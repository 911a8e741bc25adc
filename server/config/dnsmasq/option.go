package dnsmasq

import "strconv"

// A parameter says whether an option has a value (option.c, struct myoption).
type parameter int

const (
	none parameter = iota
	required
)

// An option is how one line is read.
type option struct {
	parameter parameter
	read      func(*reader, text)
}

// options are the names bootrig understands.
func options() map[string]option {
	nothing := func(*reader, text) {}
	return map[string]option{
		// bootrig binds every interface by itself, and logs every DHCP packet, whether asked or not.
		"bind-interfaces": {none, nothing},
		"bind-dynamic":    {none, nothing},
		"log-dhcp":        {none, nothing},
		"port":            {required, (*reader).port},
		"interface":       {required, (*reader).interfaces},
		"dhcp-range":      {required, (*reader).dhcpRange},
		"dhcp-boot":       {required, (*reader).dhcpBoot},
		"dhcp-pxe-vendor": {required, (*reader).pxeVendor},
		"pxe-service":     {required, (*reader).pxeService},
		"pxe-prompt":      {required, (*reader).pxePrompt},
		"enable-tftp":     {none, (*reader).enableTFTP},
		"tftp-root":       {required, (*reader).tftpRoot},
	}
}

func (r *reader) option(l line) {
	o, ok := options()[l.name]
	switch {
	case !ok && known(l.name):
		r.wrong("%s: dnsmasq knows this option, bootrig does not support it yet", l.name)
	case !ok:
		r.wrong("unknown option %q%s", l.name, suggestion(l.name))
	case l.name == "enable-tftp" && l.equal:
		r.wrong("enable-tftp=%s: limiting TFTP to some interfaces is not supported yet; write enable-tftp alone", l.value)
	case o.parameter == none && l.equal:
		r.wrong("%s takes no value", l.name)
	case o.parameter == required && len(l.value) == 0:
		r.wrong("%s needs a value", l.name)
	default:
		o.read(r, l.value)
	}
}

// port is the port of the DNS server that bootrig has not.
func (r *reader) port(value text) {
	n, err := strconv.ParseUint(value.String(), 10, 16)
	switch {
	case err != nil:
		r.wrong("port=%s: not a port number", value)
	case n != 0:
		r.notice("port=%d: bootrig serves no DNS", n)
	}
	r.portSeen = true
}

func (r *reader) interfaces(value text) {
	for _, f := range value.fields() {
		if len(f) == 0 {
			r.wrong("interface=%s: an interface name is missing", value)
			return
		}
		r.cfg.Interfaces.Names = append(r.cfg.Interfaces.Names, f.String())
		r.cfg.Interfaces.Rule = r.rule
	}
}

func (r *reader) enableTFTP(text) { r.cfg.TFTP.Enabled = true }

func (r *reader) tftpRoot(value text) {
	fields := value.fields()
	if len(fields) > 1 {
		r.wrong("tftp-root=%s: a root for one interface is not supported yet", value)
		return
	}
	r.cfg.TFTP.Root, r.cfg.TFTP.Rule = fields[0].String(), r.rule
}

// finish looks at the file as a whole.
func (r *reader) finish(name string) {
	r.mistakes = append(r.mistakes, r.cfg.DHCP.Check()...)
	dhcp, tftp := &r.cfg.DHCP, &r.cfg.TFTP
	r.rule = name
	if !r.portSeen {
		r.notice("there is no port=0, so dnsmasq would serve DNS too; bootrig does not")
	}
	switch {
	case tftp.Enabled && tftp.Root == "":
		r.wrong("enable-tftp without tftp-root would serve every file of this host: add tftp-root=DIRECTORY")
	case !tftp.Enabled && tftp.Root != "":
		r.rule = tftp.Rule
		r.notice("tftp-root without enable-tftp serves nothing")
	}
	switch {
	case len(dhcp.Ranges) == 0:
		r.rule = name
		r.notice("there is no dhcp-range, so no DHCP client is answered")
	case len(dhcp.Boot)+len(dhcp.Services) == 0:
		r.rule = dhcp.Ranges[0].Rule
		r.notice("neither dhcp-boot nor pxe-service says what to boot, so no client is answered")
	case len(dhcp.Services) == 0 && dhcp.Prompt == nil:
		r.rule = dhcp.Ranges[0].Rule
		r.notice("dnsmasq would answer nobody: it wants a pxe-service or pxe-prompt line beside dhcp-boot; bootrig answers")
	}
}
