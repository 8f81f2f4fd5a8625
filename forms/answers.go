package forms

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"anxin/forms/xpath"
)

// Flat returns the answers by question name: groups vanish, a repeat is a
// []map[string]any. Integers are int64, decimals json.Number, several choices
// []string, date and time RFC 3339, the rest text. Empty answers are left out,
// except where a default would come back; those not relevant stay in. What
// LoadFlat did not know comes out as it went in. It is an error if two
// questions bear one name.
func (in *Instance) Flat() (map[string]any, error) {
	if err := in.form.uniqueNames(); err != nil {
		return nil, err
	}
	out := map[string]any{}
	for k, v := range in.root.extra {
		out[k] = v
	}
	in.flatten(in.root, out, nil)
	return out, nil
}

// uniqueNames finds two questions with one name that would collide when the
// groups vanish: within one repeat's rows, or outside of any.
func (f *Form) uniqueNames() error {
	seen := map[*Question]map[string]*Question{}
	var err error
	f.Each(func(q *Question) {
		if q.Type == TypeGroup || err != nil {
			return
		}
		home := q.Parent
		for home.Parent != nil && !home.IsRepeat() {
			home = home.Parent
		}
		if seen[home] == nil {
			seen[home] = map[string]*Question{}
		}
		if other := seen[home][q.Name]; other != nil {
			err = fmt.Errorf("题目 %s 和 %s 同名，这张表不能按题名存取，请改名", other.Path, q.Path)
		}
		seen[home][q.Name] = q
	})
	return err
}

// flatten writes the answers below n; keep decides which nodes go in, nil all.
func (in *Instance) flatten(n *node, out map[string]any, keep func(*node) bool) {
	for _, q := range n.question.Children {
		slot := n.slots[q.slot]
		if q.IsRepeat() {
			rows := make([]map[string]any, 0, len(slot))
			for _, c := range slot {
				if keep == nil || keep(c) {
					row := map[string]any{}
					for k, v := range c.extra {
						row[k] = v
					}
					in.flatten(c, row, keep)
					rows = append(rows, row)
				}
			}
			if len(rows) > 0 {
				out[q.Name] = rows
			}
			continue
		}
		c := slot[0]
		switch {
		case keep != nil && !keep(c):
		case q.Type == TypeGroup:
			in.flatten(c, out, keep)
		case c.value != "" || q.Default != "" && keep == nil:
			out[q.Name] = q.typed(c.value, in.env.Now().Location())
		}
	}
}

// typed converts a kept answer to the type callers work with. What does not
// fit its type stays text, so that nothing entered is lost.
func (q *Question) typed(value string, zone *time.Location) any {
	if value == "" {
		return ""
	}
	switch q.Type {
	case TypeInteger:
		if i, err := strconv.ParseInt(value, 10, 64); err == nil {
			return i
		}
	case TypeDecimal, TypeRange:
		if _, ok := xpath.ParseNumber(value); ok && json.Valid([]byte(value)) {
			return json.Number(value)
		}
	case TypeSelectMultiple, TypeRank:
		return strings.Fields(value)
	case TypeDateTime, TypeStart, TypeEnd:
		if d := xpath.ParseDate(value, zone); !d.Invalid {
			return d.Time.Format(time.RFC3339)
		}
	}
	return value
}

// Printable returns the relevant answers, nested as the form is: a group is a
// map, a repeat a []map[string]any, values as in Flat.
func (in *Instance) Printable() map[string]any {
	return in.nested(in.root, func(n *node) bool { return n.relevant })
}

func (in *Instance) nested(n *node, keep func(*node) bool) map[string]any {
	out := map[string]any{}
	if keep == nil {
		for k, v := range n.extra {
			out[k] = v
		}
	}
	for _, q := range n.question.Children {
		var rows []map[string]any
		for _, c := range n.slots[q.slot] {
			switch {
			case keep != nil && !keep(c):
			case q.IsRepeat():
				rows = append(rows, in.nested(c, keep))
			case q.Type == TypeGroup:
				out[q.Name] = in.nested(c, keep)
			case c.value != "":
				out[q.Name] = q.typed(c.value, in.env.Now().Location())
			}
		}
		if len(rows) > 0 {
			out[q.Name] = rows
		}
	}
	return out
}

// LoadFlat replaces the answers named in data, which is what Flat returned or
// what came of it through JSON. Repeats named in data get just the rows given;
// unknown keys are kept for Flat. A frozen instance accepts it once, to show
// what was issued: then nothing is computed anew but what is shown.
func (in *Instance) LoadFlat(data map[string]any) error {
	if err := in.form.uniqueNames(); err != nil {
		return err
	}
	return in.load(data, func(n *node, data map[string]any) (map[string]any, error) { return in.loadFlat(n, data) })
}

func (in *Instance) load(data map[string]any, fill func(*node, map[string]any) (map[string]any, error)) error {
	if in.frozen && in.filled {
		return ErrFrozen
	}
	in.filled, in.history = true, history{}
	in.work.begin(in.form.plan) // rows that are added mark themselves; all is computed below
	extra, err := fill(in.root, data)
	if err != nil {
		return err
	}
	in.root.extra = extra
	in.shape++
	in.Recalculate()
	return nil
}

// loadFlat fills n and returns the keys that name nothing below it.
func (in *Instance) loadFlat(n *node, data map[string]any) (map[string]any, error) {
	used := map[string]bool{}
	if err := in.fillFlat(n, data, used); err != nil {
		return nil, err
	}
	extra := map[string]any{}
	for k, v := range data {
		if !used[k] {
			extra[k] = v
		}
	}
	return extra, nil
}

func (in *Instance) fillFlat(n *node, data map[string]any, used map[string]bool) error {
	for _, q := range n.question.Children {
		if q.Type == TypeGroup {
			if err := in.fillFlat(n.slots[q.slot][0], data, used); err != nil {
				return err
			}
			continue
		}
		v, ok := data[q.Name]
		if !ok {
			continue
		}
		used[q.Name] = true
		if q.IsRepeat() {
			if err := in.loadRows(n, q, v, in.loadFlat); err != nil {
				return err
			}
			continue
		}
		text, err := plainText(v)
		if err != nil {
			return fmt.Errorf("%s：%w", q.Path, err)
		}
		n.slots[q.slot][0].value = q.clean(text)
	}
	return nil
}

// loadRows makes the rows of q those of v.
func (in *Instance) loadRows(parent *node, q *Question, v any, fill func(*node, map[string]any) (map[string]any, error)) error {
	rows, err := rowsOf(v)
	if err != nil {
		return fmt.Errorf("%s：%w", q.Path, err)
	}
	if most := parent.most(); len(rows) > most {
		return fmt.Errorf("%s 有 %d 行，最多 %d 行", q.Path, len(rows), most)
	}
	parent.slots[q.slot] = nil
	for i, data := range rows {
		row := in.grow(q, parent, i)
		parent.slots[q.slot] = append(parent.slots[q.slot], row)
		in.setDefaults(row)
		extra, err := fill(row, data)
		if err != nil {
			return err
		}
		row.extra = extra
	}
	return nil
}

func rowsOf(v any) ([]map[string]any, error) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case []map[string]any:
		return v, nil
	case []any:
		out := make([]map[string]any, len(v))
		for i, x := range v {
			m, ok := x.(map[string]any)
			if !ok {
				return nil, fmt.Errorf("第 %d 行应是一组答案", i+1)
			}
			out[i] = m
		}
		return out, nil
	}
	return nil, fmt.Errorf("应是若干行答案")
}

// plainText is the inverse of typed.
func plainText(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		return strconv.FormatBool(v), nil
	case int:
		return strconv.Itoa(v), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case float64:
		return new(big.Float).SetFloat64(v).Text('f', -1), nil
	case []string:
		return strings.Join(v, " "), nil
	case []any:
		words := make([]string, len(v))
		for i, x := range v {
			s, err := plainText(x)
			if err != nil {
				return "", err
			}
			words[i] = s
		}
		return strings.Join(words, " "), nil
	case time.Time:
		return v.Format(time.RFC3339), nil
	}
	return "", fmt.Errorf("答案的类型 %T 无法识别", v)
}
