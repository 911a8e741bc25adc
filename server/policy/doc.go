// Package policy answers: which tags does this machine have, and is it to be left alone?
//
// Tags are dnsmasq's way to tell machines apart (man dnsmasq, --dhcp-match and --tag-if): some lines
// give them for what a packet says, others want them before they apply. Evaluate is a pure function of
// a Policy and one packet; every tag remembers the line that gave it.
package policy
