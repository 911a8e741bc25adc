// Package dhcpd is the DHCP service: what proxydhcp decides, carried by real sockets.
//
// Machine drives the decisions for whoever drives machines, Listener drives them for real sockets.
package dhcpd
