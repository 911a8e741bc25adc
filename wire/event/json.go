package event

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// MarshalJSON writes an object, in the order of the attributes.
func (a Attributes) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for name, value := range a.All() {
		if len(b) > 1 {
			b = append(b, ',')
		}
		for i, text := range []string{name, value} {
			quoted, err := json.Marshal(text)
			if err != nil {
				return nil, err
			}
			b = append(b, quoted...)
			if i == 0 {
				b = append(b, ':')
			}
		}
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads the object in its order.
func (a *Attributes) UnmarshalJSON(data []byte) error {
	words := json.NewDecoder(bytes.NewReader(data))
	if begin, err := words.Token(); err != nil || begin != json.Delim('{') {
		return fmt.Errorf("attrs: %.20s is no object", data)
	}
	var pairs []string
	for {
		token, err := words.Token()
		text, isText := token.(string)
		switch {
		case err != nil:
			return err
		case isText:
			pairs = append(pairs, text)
		case token == json.Delim('}'):
			*a = Attrs(pairs...)
			return nil
		default:
			return fmt.Errorf("attrs: %v is no text", token)
		}
	}
}
