//go:build !linux

package server

import (
	"context"
	"net"
	"os"
)

// device is for Linux only.
func device(*os.File) string { return "" }

// listen opens a TCP port on the interface's first address, or on all ("").
func listen(ctx context.Context, name, addr string) (net.Listener, error) {
	var config net.ListenConfig
	if name == "" {
		return config.Listen(ctx, "tcp", addr)
	}
	iface, err := net.InterfaceByName(name)
	if err != nil {
		return nil, os.ErrNotExist
	}
	addrs, err := iface.Addrs()
	if err != nil || len(addrs) == 0 {
		return nil, os.ErrNotExist
	}
	_, port, _ := net.SplitHostPort(addr)
	ip, _, _ := net.ParseCIDR(addrs[0].String())
	return config.Listen(ctx, "tcp", net.JoinHostPort(ip.String(), port))
}
