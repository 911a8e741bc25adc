package explain

import (
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/bootrig/bootrig/wire/pxe"
)

// keys say what can be told of a client: the reader of each KEY=VALUE.
func keys() map[string]func(c *Client, value string) error {
	return map[string]func(c *Client, value string) error{
		"mac":         (*Client).readMAC,
		"arch":        (*Client).readArch,
		"secure-boot": func(c *Client, v string) error { return yes(&c.Secure, v) },
		"vendor":      func(c *Client, v string) error { c.Vendor = v; return nil },
		"user":        func(c *Client, v string) error { c.UserClass = v; return nil },
		"ipxe":        func(c *Client, v string) error { return yes(&c.IPXE, v) },
		"uuid":        (*Client).readUUID,
		"id":          (*Client).readClientID,
		"name":        func(c *Client, v string) error { c.Name = v; return nil },
		"relay":       func(c *Client, v string) error { return address(&c.Relay, v) },
		"circuit":     func(c *Client, v string) error { return short(&c.Circuit, v) },
		"remote":      func(c *Client, v string) error { return short(&c.Remote, v) },
		"interface":   func(c *Client, v string) error { c.Interface = v; return nil },
		"tags":        func(c *Client, v string) error { c.Tags = strings.Split(v, ","); return nil },
		"ip":          func(c *Client, v string) error { return address(&c.IP, v) },
	}
}

// ParseClient reads words such as mac=52:54:00:12:34:56 arch=7 ipxe=yes option:12=6c6162. A value with a
// blank in it goes between double quotes. Its error joins every mistake.
func ParseClient(s string) (Client, error) {
	words, err := split(s)
	if err != nil {
		return Client{}, err
	}
	c, given := Client{}, map[string]bool{}
	var mistakes []error
	for _, word := range words {
		key, value, _ := strings.Cut(word, "=")
		if err := c.read(key, value, given[key]); err != nil {
			mistakes = append(mistakes, fmt.Errorf("%s: %w", word, err))
		}
		given[key] = true
	}
	if len(mistakes) > 0 {
		return Client{}, errors.Join(mistakes...)
	}
	if c.Vendor == "" && given["vendor"] && given["arch"] {
		return Client{}, errors.New("a client without vendor class says no arch: leave one of the two out")
	}
	if c.Secure && (!c.Arch.UEFI() || c.Arch == pxe.ArchX86BIOSHTTP) {
		return Client{}, fmt.Errorf("secure-boot=yes is for UEFI machines, and %s is none: say which with arch=7", c.Arch)
	}
	c.fill(given)
	return c, nil
}

func (c *Client) read(key, value string, again bool) error {
	if again {
		return errors.New("it stands here twice")
	}
	if number, ok := strings.CutPrefix(key, "option:"); ok {
		return c.readOption(number, value)
	}
	read, known := keys()[key]
	if !known {
		return fmt.Errorf("unknown key %q: one of %s", key, strings.Join(append(slices.Sorted(maps.Keys(keys())), "option:NUMBER"), ", "))
	}
	if value == "" && key != "vendor" {
		return fmt.Errorf("%s needs a value", key)
	}
	return read(c, value)
}

// split cuts at blanks that are not between double quotes.
func split(s string) ([]string, error) {
	quoted := false
	words := strings.FieldsFunc(s, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return !quoted && (r == ' ' || r == '\t' || r == '\n')
	})
	if quoted {
		return nil, errors.New("a double quote is missing")
	}
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], `"`, "")
	}
	return words, nil
}

func (c *Client) readMAC(value string) error {
	mac, err := net.ParseMAC(value)
	if err != nil || len(mac) != 6 {
		return errors.New("no Ethernet address, such as 52:54:00:12:34:56")
	}
	c.MAC = mac
	return nil
}

// readArch reads a number of option 93, or a name in any case: dnsmasq's, or one of ours.
func (c *Client) readArch(value string) error {
	if n, err := strconv.ParseUint(value, 10, 16); err == nil {
		c.Arch = pxe.Arch(n)
		return nil
	}
	var names []string
	for arch := range lastArch + 1 {
		name, _, _ := strings.Cut(arch.String(), " ")
		if strings.EqualFold(name, value) {
			c.Arch = arch
			return nil
		}
		names = append(names, name)
	}
	return fmt.Errorf("a number or one of %s", strings.Join(names, ", "))
}

// lastArch is the last one IANA has a name for.
const lastArch = pxe.Arch(41)

func yes(to *bool, value string) error {
	switch value {
	case "yes":
		*to = true
	case "no":
	default:
		return errors.New("yes or no")
	}
	return nil
}

// readUUID reads a UUID as firmware shows it.
func (c *Client) readUUID(value string) error {
	u, err := pxe.ParseUUID(value)
	raw := u.Raw()
	c.UUID = raw[:]
	return err
}

// readClientID reads bytes in hexadecimal with colons, or a text.
func (c *Client) readClientID(value string) error {
	c.ClientID = []byte(value)
	if b, err := hex.DecodeString(strings.ReplaceAll(value, ":", "")); err == nil && strings.Contains(value, ":") {
		c.ClientID = b
	}
	if len(c.ClientID) > 255 {
		return errLong
	}
	return nil
}

func (c *Client) readOption(number, value string) error {
	n, err := strconv.ParseUint(number, 10, 8)
	if err != nil || n == 0 || n == 255 {
		return fmt.Errorf("option:%s: the options are 1 to 254", number)
	}
	b, err := hex.DecodeString(strings.ReplaceAll(value, ":", ""))
	if err != nil {
		return errors.New("the value of an option is bytes in hexadecimal, such as option:12=6c:61:62")
	}
	if len(b) > 255 {
		return errLong
	}
	if c.Options == nil {
		c.Options = map[uint8][]byte{}
	}
	c.Options[uint8(n)] = b
	return nil
}

var errLong = errors.New("more than 255 bytes")

func address(to *netip.Addr, value string) error {
	addr, err := netip.ParseAddr(value)
	if err != nil || !addr.Is4() || addr.IsUnspecified() {
		return errors.New("no IPv4 address")
	}
	*to = addr
	return nil
}

// short reads what must fit option 82 beside another.
func short(to *string, value string) error {
	if len(value) > 120 {
		return errors.New("more than 120 bytes")
	}
	*to = value
	return nil
}
