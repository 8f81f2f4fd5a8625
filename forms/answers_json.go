package forms

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// record is the canonical JSON of an instance. Answers are nested as the form
// is; Irrelevant names the paths whose answers are kept but not shown.
type record struct {
	Form       string         `json:"form"`
	Version    string         `json:"version,omitempty"`
	Answers    map[string]any `json:"answers"`
	Irrelevant []string       `json:"irrelevant,omitempty"`
	Frozen     bool           `json:"frozen,omitempty"`
}

// JSON returns the whole instance, keys sorted, the same bytes for the same
// answers.
func (in *Instance) JSON() ([]byte, error) {
	r := record{Form: in.form.ID, Version: in.form.Version, Answers: in.nested(in.root, nil), Frozen: in.frozen}
	in.root.each(func(n *node) {
		if !n.relevant && n.value != "" {
			r.Irrelevant = append(r.Irrelevant, n.path())
		}
	})
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, fmt.Errorf("写出答案：%w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// LoadJSON replaces all answers by what JSON wrote. Another form is refused;
// another version is accepted, what it does not know is kept aside. An
// instance that was frozen is frozen again.
func (in *Instance) LoadJSON(raw []byte) error {
	var r record
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&r); err != nil {
		return fmt.Errorf("答案文件无法读取：%w", err)
	}
	if r.Form != in.form.ID {
		return fmt.Errorf("答案属于表单 %s，不是 %s，请用对应的表单打开", r.Form, in.form.ID)
	}
	if in.frozen && in.filled {
		return ErrFrozen
	}
	in.frozen = in.frozen || r.Frozen
	in.filled = false
	return in.load(r.Answers, in.loadNested)
}

// loadNested fills n from nested answers; everything not mentioned is emptied.
func (in *Instance) loadNested(n *node, data map[string]any) (map[string]any, error) {
	for _, q := range n.question.Children {
		v := data[q.Name]
		switch {
		case q.IsRepeat():
			if err := in.loadRows(n, q, v, in.loadNested); err != nil {
				return nil, err
			}
		case q.Type == TypeGroup:
			m, ok := v.(map[string]any)
			if v != nil && !ok {
				return nil, fmt.Errorf("%s 应是一组答案", q.Path)
			}
			extra, err := in.loadNested(n.slots[q.slot][0], m)
			if err != nil {
				return nil, err
			}
			n.slots[q.slot][0].extra = extra
		default:
			text, err := plainText(v)
			if err != nil {
				return nil, fmt.Errorf("%s：%w", q.Path, err)
			}
			n.slots[q.slot][0].value = q.clean(text)
		}
	}
	extra := map[string]any{}
	for k, v := range data {
		if n.question.child(k) == nil {
			extra[k] = v
		}
	}
	return extra, nil
}
