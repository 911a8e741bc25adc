package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"github.com/bootrig/bootrig/server/config/dnsmasq"
	"github.com/bootrig/bootrig/server/content"
	"github.com/bootrig/bootrig/server/dhcp"
)

// print shows what would be made for machines: which way each kind boots, and every text; the rest by its size.
func (c *ServeCmd) print() error {
	settings, err := c.settings(dnsmasq.Unrun())
	if err != nil {
		return err
	}
	if len(settings.Media.Paths) == 0 {
		return usage(errors.New("--print: nothing is made without media: give a PATH, or a bootrig.yaml with media"))
	}
	what, err := openContents(settings, "")
	if err != nil {
		return err
	}
	defer what.Close()
	var links []dhcp.Link
	if len(c.Interface) > 0 {
		if links, err = hostLinks(c.Interface); err != nil {
			return err
		}
	}
	made, err := what.media.Made(ours(links))
	if err != nil {
		return err
	}
	var out txtar.Archive
	for _, w := range what.media.Ways {
		out.Comment = fmt.Appendf(out.Comment, "%s: %s: %s\n", w.Firmware, w.Boot.File, w.Title)
	}
	for _, name := range slices.Sorted(maps.Keys(made)) {
		if text, ok := asText(made[name]); ok {
			out.Files = append(out.Files, txtar.File{Name: name, Data: text})
			continue
		}
		out.Comment = fmt.Appendf(out.Comment, "made when it is asked for: %s, %d bytes\n", name, made[name].Size)
	}
	_, err = os.Stdout.Write(txtar.Format(&out))
	return err
}

// asText reads what is a text.
func asText(b content.Body) ([]byte, bool) {
	const longest = 1 << 20
	if b.Size > longest {
		return nil, false
	}
	text, err := io.ReadAll(io.NewSectionReader(b, 0, b.Size))
	return text, err == nil && utf8.Valid(text)
}
