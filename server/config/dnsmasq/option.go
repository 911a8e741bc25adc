package dnsmasq

import (
	"maps"
	"slices"
	"strings"
)

// A parameter says whether an option has a value (option.c, struct myoption).
type parameter int

const (
	none parameter = iota
	optional
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
	known := map[string]option{
		// bootrig logs every packet, whether asked or not.
		"log-dhcp":    {none, nothing},
		"quiet-dhcp":  {none, nothing},
		"port":        {required, (*reader).port},
		"conf-file":   {optional, (*reader).confFile},
		"conf-script": {required, (*reader).confScript},
		"conf-dir":    {required, (*reader).confDir},
		"no-hosts":    {none, (*reader).noHosts},
		"addn-hosts":  {required, (*reader).addnHosts},
		"hostsdir":    {required, (*reader).hostsDir},
		"host-record": {required, (*reader).hostRecord},
	}
	for _, topic := range []map[string]option{whereOptions(), tftpOptions(), whoOptions(), whatOptions(), leaseOptions()} {
		maps.Copy(known, topic)
	}
	return known
}

// whereOptions say on which interfaces.
func whereOptions() map[string]option {
	return map[string]option{
		"bind-interfaces":     {none, (*reader).bindInterfaces},
		"bind-dynamic":        {none, (*reader).bindDynamic},
		"interface":           {required, (*reader).interfaces},
		"except-interface":    {required, (*reader).exceptInterface},
		"no-dhcp-interface":   {required, (*reader).noDHCPInterface},
		"no-dhcpv4-interface": {required, (*reader).noDHCPInterface},
		"listen-address":      {required, (*reader).listenAddress},
		"bridge-interface":    {required, (*reader).bridgeInterface},
		"shared-network":      {required, (*reader).sharedNetwork},
		"dhcp-alternate-port": {optional, (*reader).alternatePort},
		"dhcp-relay":          {required, (*reader).dhcpRelay},
		"dhcp-split-relay":    {required, (*reader).dhcpSplitRelay},
		"leasequery":          {optional, (*reader).leaseQuery},
	}
}

// whoOptions give tags to machines, and leave some alone.
func whoOptions() map[string]option {
	return map[string]option{
		"dhcp-mac":         {required, (*reader).dhcpMAC},
		"dhcp-match":       {required, (*reader).dhcpMatch},
		"dhcp-name-match":  {required, (*reader).dhcpNameMatch},
		"dhcp-vendorclass": {required, (*reader).dhcpVendorClass},
		"dhcp-userclass":   {required, (*reader).dhcpUserClass},
		"dhcp-circuitid":   {required, (*reader).dhcpCircuitID},
		"dhcp-remoteid":    {required, (*reader).dhcpRemoteID},
		"dhcp-subscrid":    {required, (*reader).dhcpSubscriberID},
		"dhcp-host":        {required, (*reader).dhcpHost},
		"dhcp-hostsfile":   {required, (*reader).dhcpHostsFile},
		"dhcp-hostsdir":    {required, (*reader).dhcpHostsDir},
		"read-ethers":      {none, (*reader).readsEthers},
		"dhcp-ignore":      {required, (*reader).dhcpIgnore},
		"dhcp-ignore-clid": {none, (*reader).dhcpIgnoreClientID},
		"tag-if":           {required, (*reader).tagIf},
	}
}

// whatOptions say what is answered.
func whatOptions() map[string]option {
	return map[string]option{
		"dhcp-range":        {required, (*reader).dhcpRange},
		"dhcp-boot":         {required, (*reader).dhcpBoot},
		"dhcp-pxe-vendor":   {required, (*reader).pxeVendor},
		"pxe-service":       {required, (*reader).pxeService},
		"pxe-prompt":        {required, (*reader).pxePrompt},
		"dhcp-option":       {required, (*reader).dhcpOption},
		"dhcp-option-force": {required, (*reader).dhcpOptionForce},
		"dhcp-option-pxe":   {required, (*reader).dhcpOptionPXE},
		"dhcp-optsfile":     {required, (*reader).dhcpOptsFile},
		"dhcp-optsdir":      {required, (*reader).dhcpOptsDir},
		"dhcp-reply-delay":  {required, (*reader).dhcpReplyDelay},
	}
}

// once are the options that dnsmasq refuses to see twice in its files (option.c, ARG_ONE).
const once = `
add-cpe-id add-subnet auth-server auth-soa auth-ttl cache-size connmark-allowlist-enable dhcp-alternate-port
dhcp-duid dhcp-lease-max dhcp-leasefile dhcp-reply-delay dhcp-script dhcp-scriptuser dhcp-ttl dns-forward-max dnssec-limits
dnssec-timestamp dumpfile dumpmask edns-packet-max enable-dbus enable-ubus fast-dns-retry group local-service
local-ttl log-async log-facility max-cache-ttl max-port max-tcp-connections max-ttl min-cache-ttl min-port mx-target neg-ttl
pid-file port port-limit query-port servers-file tftp-max tftp-mtu tftp-port-range umbrella use-stale-cache user`

// all are the options that are accepted: those with a meaning, and those that change nothing.
func all() map[string]option {
	accepted := options()
	for reason, names := range map[string]string{notOurs: dnsOptions, store: storeOptions, process: processOptions} {
		for word := range strings.FieldsSeq(names) {
			name, parameter, kinds := ignored(word)
			accepted[name] = option{parameter, func(r *reader, value text) { r.idleOption(reason, name, kinds, value) }}
		}
	}
	return accepted
}

func (r *reader) option(l line) {
	o, ok := r.known[l.name]
	switch {
	case !ok && len(r.mistakes) == maxMistakes:
		r.untold++ // and no time is spent on what was meant
	case !ok:
		r.wrong("unknown option %q%s", l.name, suggestion(l, r.known))
	case o.parameter == none && l.value != nil:
		r.wrong("%s takes no value", l.name)
	case o.parameter == required && l.value == nil:
		r.wrong("%s needs a value", l.name)
	case r.seen[l.name] && slices.Contains(strings.Fields(once), l.name):
		r.wrong("%s stands here a second time, which dnsmasq refuses", l.name)
	default:
		r.seen[l.name], r.at[l.name] = true, r.rule
		r.reading = l.name
		r.since(newer()[l.name], l.name)
		o.read(r, l.value)
		r.reading = ""
	}
}
