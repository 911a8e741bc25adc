package seed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/token"

	"github.com/bootrig/bootrig/internal/textfile"
)

// A format is the language of an answer file, as far as it matters here.
type format string

const (
	lines  format = "lines" // preseed, kickstart, shell: nothing has to be put around a value
	xmlish format = "XML"
	yamlsh format = "YAML"
	jsonsh format = "JSON"
	asIs   format = "" // no template
)

// formatOf tells the language by the name and the beginning of a file.
func formatOf(name string, data []byte) format {
	if textfile.Not(data) != "" || bytes.HasPrefix(data, []byte("## template: jinja")) {
		return asIs
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".xml":
		return xmlish
	case ".yaml", ".yml":
		return yamlsh
	case ".json", ".ign":
		return jsonsh
	case ".gz", ".zst", ".xz", ".tar", ".apkovl":
		return asIs
	}
	switch {
	case bytes.HasPrefix(data, []byte("#cloud-config")), name == "meta-data", name == "network-config":
		return yamlsh
	case bytes.HasPrefix(bytes.TrimSpace(data), []byte("<?xml")), name == "answerfile":
		return xmlish
	}
	return lines
}

// check tells whether what came of a template is of its language. The line is that of the result.
func (f format) check(data []byte) (line int, err error) {
	switch f {
	case xmlish:
		d := xml.NewDecoder(bytes.NewReader(data))
		d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // letters do not matter here
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return 0, nil
			} else if err != nil {
				line, _ := d.InputPos()
				return line, err
			}
		}
	case yamlsh:
		var any any
		return yamlLine(yaml.Unmarshal(data, &any))
	case jsonsh:
		var any any
		err := json.Unmarshal(data, &any)
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return 1 + bytes.Count(data[:min(int64(len(data)), syntax.Offset)], []byte("\n")), err
		}
		return 1, err
	}
	return 0, nil
}

// yamlLine is where an error of the parser is.
func yamlLine(err error) (int, error) {
	var at interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
		return at.GetToken().Position.Line, fmt.Errorf("no YAML: %s", at.GetMessage())
	}
	return 1, err
}
