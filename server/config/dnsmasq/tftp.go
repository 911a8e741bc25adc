package dnsmasq

import "strconv"

func (r *reader) enableTFTP(value text) {
	r.cfg.TFTP.Enabled = true
	if len(value) > 0 {
		r.cfg.TFTP.Interfaces = append(r.cfg.TFTP.Interfaces, r.interfaceNames("enable-tftp", value)...)
	}
}

func (r *reader) tftpRoot(value text) {
	fields := value.fields()
	if len(fields) > 1 {
		r.wrong("tftp-root=%s: a root for one interface is not supported yet", value)
		return
	}
	r.cfg.TFTP.Root, r.cfg.TFTP.Rule = fields[0].String(), r.rule
}

func (r *reader) tftpNoBlocksize(text) { r.cfg.TFTP.NoBlocksize = true }
func (r *reader) tftpLowercase(text)   { r.cfg.TFTP.Lowercase = true }
func (r *reader) tftpNoFail(text)      { r.cfg.TFTP.NoFail = true }
func (r *reader) tftpMax(value text)   { r.cfg.TFTP.MaxTransfers = r.positive("tftp-max", value) }
func (r *reader) tftpMTU(value text)   { r.cfg.TFTP.MTU = r.positive("tftp-mtu", value) }

func (r *reader) positive(option string, value text) int {
	n, err := strconv.ParseUint(value.String(), 10, 31)
	if err != nil || n == 0 {
		r.wrong("%s=%s: not a number above 0", option, value)
	}
	return int(n)
}
