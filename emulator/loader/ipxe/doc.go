// Package ipxe reads the language of iPXE scripts: lines, commands, settings and URIs. It runs nothing.
//
// The rules are those of iPXE's src/image/script.c, src/core/exec.c, src/core/settings.c and src/core/uri.c; what
// iPXE 1.0.0 printed for a script of all of them is in the tests.
package ipxe
