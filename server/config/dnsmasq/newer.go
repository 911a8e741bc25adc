package dnsmasq

// newer are the options that dnsmasq 2.90 does not know, and the first version that does.
func newer() map[string]string {
	return map[string]string{
		"dhcp-option-pxe":  "2.91",
		"do-0x20-encode":   "2.91",
		"no-0x20-encode":   "2.91",
		"dhcp-split-relay": "2.92",
		"leasequery":       "2.92",
		"log-malloc":       "2.93",
	}
}

// since notes that a file is for later versions of dnsmasq than some which are about; version is "" where it is not.
func (r *reader) since(version, what string) {
	if version != "" {
		r.notice("%s: dnsmasq knows it from %s on, older ones refuse the file", what, version)
	}
}

// leaseQuery refuses what we do not do.
func (r *reader) leaseQuery(text) {
	r.wrong("leasequery: relays cannot ask bootrig about leases (RFC 4388): what a relay said of a client, and its class, are not kept with its lease; take the line out")
}
