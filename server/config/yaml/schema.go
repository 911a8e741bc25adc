package yaml

import (
	_ "embed"
	"encoding/json"
	"maps"
)

// published is the schema as it stands in the repository. A test holds it against generated.
//
//go:embed bootrig.schema.json
var published []byte

// Example is the smallest bootrig.yaml that boots machines.
//
//go:embed example.yaml
var Example string

// Schema is the JSON Schema of bootrig.yaml.
func Schema() []byte { return published }

// generated is the schema of the very description that reads and prints.
func generated() []byte {
	s := maps.Clone(document().schema)
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["title"] = "bootrig.yaml"
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		panic(err) // a map of maps, lists, numbers and texts: no input can cause it
	}
	return append(b, '\n')
}
