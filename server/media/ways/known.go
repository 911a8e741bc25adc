package ways

import (
	"path"
	"strings"

	"github.com/bootrig/bootrig/server/media"
	"github.com/bootrig/bootrig/server/media/header"
	"github.com/bootrig/bootrig/server/media/program"
)

// known are the boot programs of a medium as program.Find looks for them.
func known(loaders []media.Loader) (all []program.Known) {
	for _, l := range loaders {
		w := program.Want{CPU: l.CPU}
		switch l.Kind {
		case header.PXELINUX:
			w = program.Want{Kind: program.PXELINUX}
		case header.LPXELINUX:
			w = program.Want{Kind: program.LPXELINUX}
		case header.COM32, header.Mboot:
			if l.UEFI {
				continue
			}
			w = program.Want{Kind: program.Module, Name: strings.ToLower(path.Base(l.Path))}
		case header.Shim:
			w.Kind = program.Shim
		case header.GRUB:
			w.Kind = program.GRUB
		case header.Wimboot:
			w.Kind = program.Wimboot
		default:
			continue
		}
		all = append(all, program.Known{Want: w, Path: l.Path})
	}
	return all
}
