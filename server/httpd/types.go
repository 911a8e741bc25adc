package httpd

import (
	"path"
	"strings"
)

// contentType goes by the name alone: a guess from the content can call a kernel text. What is unknown
// is bytes. UEFI firmware tells a program, a CD and a disk apart by these types (UEFI 2.10 section
// 24.7), and by the name only where there is none of them (EDK2 HttpBootCheckImageType).
func contentType(name string) string {
	if t, ok := types[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return "application/octet-stream"
}

var types = map[string]string{
	".efi":  "application/efi",
	".iso":  "application/vnd.efi-iso",
	".img":  "application/vnd.efi-img",
	".html": "text/html; charset=utf-8",
	".htm":  "text/html; charset=utf-8",
	".txt":  "text/plain; charset=utf-8",
	".cfg":  "text/plain; charset=utf-8",
	".ipxe": "text/plain; charset=utf-8",
	".ks":   "text/plain; charset=utf-8",
	".seed": "text/plain; charset=utf-8",
	".yaml": "text/plain; charset=utf-8",
	".json": "application/json",
	".xml":  "application/xml",
	".gz":   "application/gzip",
	".xz":   "application/x-xz",
	".png":  "image/png",
}
