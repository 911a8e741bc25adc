package server

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/bootrig/bootrig/server/dhcpd"
	"github.com/bootrig/bootrig/server/tftpd"
)

func (h Holders) explainDHCP(err error) error {
	var port *dhcpd.PortError
	if errors.As(err, &port) {
		return h.explain(port.Err, "udp", port.Port, port.Link.Name)
	}
	return err
}

// explain makes one clear line, with the fix, of what hinders a server from having a port.
func (h Holders) explain(err error, network string, port uint16, link string) error {
	where := fmt.Sprintf("%s port %d", strings.ToUpper(network), port)
	elsewhere := ""
	if link != "" {
		where += " on " + link
		elsewhere = ", or serve on other interfaces with --interface"
	}
	switch {
	case network == "tcp":
		elsewhere += ", or choose another port with --http PORT"
	case port == tftpd.Port && link == "":
		elsewhere = ", or if that is for other addresses, say bind-dynamic (by-address in a bootrig.yaml)"
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return &portError{err, fmt.Sprintf("%s is taken by %s: stop it%s", where, h.holder(network, port), elsewhere)}
	case errors.Is(err, os.ErrPermission):
		program, _ := os.Executable()
		return &portError{err, fmt.Sprintf("%s: no permission: use sudo, or allow this program once and for all with "+
			"sudo setcap cap_net_bind_service,cap_net_raw+ep %s", where, program)}
	}
	return fmt.Errorf("%s: %w", where, err)
}

// A portError says why a port could not be had, and what to do.
type portError struct {
	err  error
	text string
}

func (e *portError) Error() string { return e.text }

// Unwrap gives the system's error.
func (e *portError) Unwrap() error { return e.err }

func (h Holders) holder(network string, port uint16) string {
	found := h.of(procDir, network, port)
	if len(found) > 1 { // at several addresses, of which we have some
		ours := fmt.Sprintf(" (pid %d)", os.Getpid())
		found = slices.DeleteFunc(found, func(who string) bool { return strings.HasSuffix(who, ours) })
	}
	if len(found) == 0 {
		return "another program (sudo ss -lnp shows which)"
	}
	return strings.Join(found, " and ")
}
