// Package grub reads the language of grub.cfg: a small shell with menu entries. It runs nothing.
//
// The rules are those of GRUB 2.06's grub-core/script (yylex.l, parser.y, argv.c) and of its commands test and
// menuentry.
package grub
