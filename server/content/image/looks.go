package image

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A look is how something else than an image begins.
type look struct {
	offset int
	magic  string
	is     string
}

const unpackIt = "unpack it, and serve the directory"

var known = []look{
	{0, "PK\x03\x04", "is a zip file: " + unpackIt},
	{0, "7z\xbc\xaf\x27\x1c", "is a 7z file: " + unpackIt},
	{0, "Rar!\x1a\x07", "is a rar file: " + unpackIt},
	{0, "BZh", "is compressed by bzip2, which is not read here: bunzip2 it first"},
	{0, "hsqs", "is a squashfs, which an installer fetches as it is: serve the directory that it is in"},
	{0, "QFI\xfb", "is a virtual disk (qcow2), not an installation image"},
	{0, "KDMV", "is a virtual disk (vmdk), not an installation image"},
	{0, "vhdxfile", "is a virtual disk (vhdx), not an installation image"},
	{0, "070701", "is an initrd (cpio): serve the directory that it is in"},
	{0, "\x7fELF", "is a program: serve the directory that it is in"},
	{0x202, "HdrS", "is a Linux kernel: serve the directory that it is in"},
	{0, "MZ", "is an EFI program: serve the directory that it is in"},
	{0, "#!ipxe", "is an iPXE script: serve the directory that it is in"},
	{512, "EFI PART", "is an image of a disk: mount it, and serve the directory"},
	{510, "\x55\xaa", "is an image of a disk: mount it, and serve the directory"},
	{0, "d8:announce", "is a torrent: it says where the image is, and is not the image"},
}

// looks says what something that is no image is taken for.
func looks(head []byte) error {
	if isRaw(head) {
		return errors.New("is a CD with raw sectors (.bin): make an ISO image of it with bchunk")
	}
	for _, l := range known {
		if at(head, l.offset, l.magic) {
			return errors.New(l.is)
		}
	}
	const much = 4096
	text := head[:min(len(head), much)]
	switch {
	case len(head) == 0:
		return errors.New("is empty: download it again")
	case len(bytes.Trim(text, "\x00")) == 0:
		return errors.New("begins with zeros: a download that has not come yet, or failed, looks so")
	case isText(text):
		return errors.New(looksLike(string(text)))
	}
	return fmt.Errorf("is no directory, tarball or image of a CD (it begins with % x): what is served is one of these", text[:min(len(text), 8)])
}

// isText tells text by what is not in it; the last rune may be cut.
func isText(b []byte) bool {
	for range utf8.UTFMax - 1 {
		if r, n := utf8.DecodeLastRune(b); r == utf8.RuneError && n == 1 {
			b = b[:len(b)-1]
		}
	}
	return utf8.Valid(b) && !bytes.Contains(b, []byte{0})
}

var (
	html     = regexp.MustCompile(`(?i)^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype html|html|head|body|script)`)
	xml      = regexp.MustCompile(`^\s*<\?xml|^\s*<metalink`)
	sums     = regexp.MustCompile(`(?m)^([0-9a-fA-F]{32,128} [ *]?\S+|(MD5|SHA\d+) ?\(.*\) ?= ?[0-9a-fA-F]{32,128})$`)
	conf     = regexp.MustCompile(`(?m)^(dhcp-\w+|pxe-\w+|tftp-\w+|enable-tftp|interface|except-interface|bind-\w+|no-\w+|port|domain|conf-\w+|log-\w+|user|listen-address)\b *(=|$)`)
	comments = regexp.MustCompile(`^(\s*(#.*|---)?\n)*`)
	yamlLike = regexp.MustCompile(`(?m)\A[a-z][a-z-]*:( |$)`)
)

// looksLike says what a text is taken for.
func looksLike(text string) string {
	switch {
	case html.MatchString(text):
		return "is an HTML page, which a download saves where it was refused or needed a click: fetch the image itself"
	case xml.MatchString(text):
		return "is an XML file, not an image: fetch what it tells of"
	case strings.HasPrefix(text, "version https://git-lfs"):
		return "stands for a file of Git LFS: fetch that with git lfs pull"
	case sums.MatchString(text):
		return "is a list of checksums: the image is beside it"
	case conf.MatchString(text):
		return "looks like a dnsmasq.conf: serve it with -C"
	case yamlLike.MatchString(comments.ReplaceAllString(text, "")):
		return "looks like a bootrig.yaml: serve it with -c"
	}
	return "is a text, not an image: serve the directory that it is in"
}
