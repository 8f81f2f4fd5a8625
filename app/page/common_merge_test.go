package page

import (
	"encoding/json"

	"anxin/model"
)

// joins stands for the merge of what two officers changed apart: where only one of
// them changed a member, that is what stands.
func joins(_ model.Kind, base, ours, theirs []byte) ([]byte, []string, error) {
	var b, x, y map[string]json.RawMessage
	for at, raw := range map[*map[string]json.RawMessage][]byte{&b: base, &x: ours, &y: theirs} {
		if err := json.Unmarshal(raw, at); err != nil {
			return nil, nil, err
		}
	}
	var open []string
	for name := range y {
		switch {
		case string(x[name]) == string(b[name]):
			x[name] = y[name]
		case string(y[name]) != string(b[name]) && string(x[name]) != string(y[name]):
			open = append(open, name)
		}
	}
	merged, err := json.Marshal(x)
	return merged, open, err
}
