// Package syslinux reads the configuration language of syslinux 4 and 6: what pxelinux.cfg/default says.
//
// The rules are those of com32/elflink/ldlinux/readconfig.c and com32/menu/readconfig.c. Nothing is ever an
// error in this language: an unknown keyword is skipped, an INCLUDE that is not there too.
package syslinux
