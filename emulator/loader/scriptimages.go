package loader

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/bootrig/bootrig/emulator/loader/ipxe"
	"github.com/bootrig/bootrig/emulator/rom"
	"github.com/bootrig/bootrig/emulator/tftp"
	"github.com/bootrig/bootrig/emulator/web"
)

// A bootImage is a file that iPXE has in memory.
type bootImage struct {
	name, cmdline string
	uri           ipxe.URI
	content       []byte
}

// acquire is the image of a name, else the file of a URI (usr/imgmgmt.c, imgacquire). What is fetched stays.
func (p *shell) acquire(given ipxe.Given, words []string) (*bootImage, *trouble) {
	named := p.image(words[0])
	if named == nil {
		timeout, t := p.milliseconds(given["timeout"])
		if t != nil {
			return nil, t
		}
		if named, t = p.download(words[0], timeout); t != nil {
			return nil, t
		}
		p.images = append(p.images, named)
	}
	if name := given["name"]; name != "" {
		named.name = name
	}
	if len(words) > 1 {
		named.cmdline = strings.Join(words[1:], " ")
	}
	return named, nil
}

func (p *shell) image(name string) *bootImage {
	i := slices.IndexFunc(p.images, func(img *bootImage) bool { return img.name == name })
	if i < 0 {
		return nil
	}
	return p.images[i]
}

// drop forgets an image.
func (p *shell) drop(img *bootImage) {
	p.images = slices.DeleteFunc(p.images, func(other *bootImage) bool { return other == img })
	if p.selected == img {
		p.selected = nil
	}
}

// download fetches a URI that is relative to the script's own.
func (p *shell) download(text string, timeout time.Duration) (*bootImage, *trouble) {
	uri := p.running.uri.Resolve(ipxe.ParseURI(text))
	get := p.open(uri)
	if get == nil {
		t := p.number("Operation not supported", 0x3c092003)
		t.cause = "the scripted iPXE fetches by TFTP and HTTP from addresses, not " + uri.String()
		p.say("%s... %s", text, t)
		return nil, t
	}
	var until time.Time
	if timeout > 0 {
		until = p.now.Add(timeout)
	}
	p.idle = 0
	content, failed := p.transfer(get, until)
	if failed != nil {
		f := p.Profile.Fail(rom.Reason(failed.Reason), text, failed.Text)
		if uri.Scheme == "http" {
			f = p.Profile.FailWeb(rom.Reason(failed.Reason), text, failed.Text)
		}
		p.say("%s", f.Text)
		_, why, _ := strings.Cut(f.Text, "... ")
		return nil, p.numbered(why, f)
	}
	p.say("%s... ok", text)
	if p.loaded += int64(len(content)); p.Memory > 0 && p.loaded > p.Memory {
		t := p.number("Not enough space", 0x31006042)
		t.cause = text + " does not fit into the machine's memory"
		return nil, t
	}
	return &bootImage{name: uri.Name(), uri: uri, content: content}, nil
}

// numbered takes the number out of a text of the ROM's.
func (p *shell) numbered(text string, f *rom.Failure) *trouble {
	t := &trouble{text: text, cause: f.Cause, patience: f.Patience}
	if what, rest, ok := strings.Cut(text, " (http://ipxe.org/"); ok {
		t.text = what
		for _, c := range strings.TrimSuffix(rest, ")") {
			digit := strings.IndexRune("0123456789abcdef", c)
			t.number = t.number<<4 | uint32(max(digit, 0))
		}
	}
	return t
}

// open begins a transfer as the ROM's own; nil: it has no way to fetch that.
func (p *shell) open(uri ipxe.URI) transfer {
	local := netip.AddrPortFrom(p.Handover.Addr, uint16(1024+p.rand.IntN(48128)))
	server, ok := hostPort(uri.Host, map[string]uint16{"tftp": 69, "http": 80}[uri.Scheme])
	switch profile := &p.Profile; {
	case !ok:
		return nil
	case uri.Scheme == "tftp":
		return tftp.New(p.now, tftp.Config{
			Local: local, Server: server, Name: uri.TFTPName(), Options: profile.TFTP.Options,
			Patience: profile.TFTP.Patience, Dialect: profile.TFTP.Dialect, Memory: p.Memory,
		})
	case uri.Scheme == "http" && profile.HTTP.Request != "":
		return web.New(p.now, web.Config{
			Local: local, Server: server, Host: uri.Host, Path: uri.Request(), Request: profile.HTTP.Request,
			Seq: p.rand.Uint32(), Wait: profile.HTTP.Wait, Memory: p.Memory,
		})
	}
	return nil
}

// imgfetch is initrd and module too: an image that nothing runs by itself.
func (p *shell) imgfetch(given ipxe.Given, words []string) *trouble {
	_, t := p.acquire(given, words)
	return t
}

// kernel selects the image that boot runs.
func (p *shell) kernel(given ipxe.Given, words []string) *trouble {
	img, t := p.chosen(given, words)
	if t != nil {
		return t
	}
	if p.kind(img) == notImage {
		t := p.notExecutable(img)
		p.say("Could not select: %s", t)
		return t
	}
	p.selected = img
	return nil
}

// chosen is the image that a command names, else the selected one.
func (p *shell) chosen(given ipxe.Given, words []string) (*bootImage, *trouble) {
	if len(words) > 0 {
		return p.acquire(given, words)
	}
	if p.selected == nil {
		p.say("No image selected")
		return nil, p.number("No such file or directory", 0x2d02203b)
	}
	return p.selected, nil
}

func (p *shell) imgargs(given ipxe.Given, words []string) *trouble {
	img, t := p.acquire(given, words)
	if t == nil {
		img.cmdline = strings.Join(words[1:], " ")
	}
	return t
}

func (p *shell) imgfree(_ ipxe.Given, words []string) *trouble {
	if len(words) == 0 {
		p.images, p.selected, p.loaded = nil, nil, 0
		return nil
	}
	img := p.image(words[0])
	if img == nil {
		t := p.number("No such file or directory", 0x2d02203b)
		p.say("%s: %s", words[0], t)
		return t
	}
	p.drop(img)
	p.loaded -= int64(len(img.content))
	return nil
}

func (p *shell) imgstat(ipxe.Given, []string) *trouble {
	for _, img := range p.images {
		line := img.name + " : " + strings.TrimSpace(sizeText(img.content)+" "+string(p.kind(img)))
		if img == p.selected {
			line += " [SELECTED]"
		}
		if img.cmdline != "" {
			line += ` "` + img.cmdline + `"`
		}
		p.say("%s", line)
	}
	return nil
}
