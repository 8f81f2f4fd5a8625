package forms

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Limits of instance XML: bytes, and how deep elements are nested.
const (
	maxXML   = 16 << 20
	maxNests = 64
)

// openRosa is the namespace of what an instance says about itself.
const openRosa = "http://openrosa.org/xforms"

// XML returns the instance as ODK tools exchange it: one element for each
// relevant question, group and row, empty where there is no answer, and the
// block meta with instanceID (a UUID, without it there is none) and the
// instance name. Answers that are not relevant are left out, as ODK does when
// it exports; our record keeps them (see JSON).
func (in *Instance) XML(instanceID string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	e := xml.NewEncoder(&b)
	e.Indent("", "  ")
	root := xml.StartElement{Name: xml.Name{Local: in.root.question.Name}, Attr: []xml.Attr{{Name: xml.Name{Local: "id"}, Value: in.form.ID}}}
	if in.form.Version != "" {
		root.Attr = append(root.Attr, xml.Attr{Name: xml.Name{Local: "version"}, Value: in.form.Version})
	}
	w := &xmlWriter{e: e}
	w.put(root)
	w.below(in.root)
	w.meta(instanceID, in.Name())
	w.put(root.End())
	if err := errors.Join(w.err, e.Close()); err != nil {
		return nil, fmt.Errorf("写出实例 XML：%w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

// xmlWriter writes elements until one fails.
type xmlWriter struct {
	e   *xml.Encoder
	err error
}

func (w *xmlWriter) put(t xml.Token) {
	if w.err == nil {
		w.err = w.e.EncodeToken(t)
	}
}

func (w *xmlWriter) leaf(name, text string) {
	start := xml.StartElement{Name: xml.Name{Local: name}}
	w.put(start)
	if text != "" {
		w.put(xml.CharData(text))
	}
	w.put(start.End())
}

func (w *xmlWriter) below(n *node) {
	for _, slot := range n.slots {
		for _, c := range slot {
			switch {
			case !c.relevant:
			case c.question.IsContainer():
				start := xml.StartElement{Name: xml.Name{Local: c.question.Name}}
				w.put(start)
				w.below(c)
				w.put(start.End())
			default:
				w.leaf(c.question.Name, c.value)
			}
		}
	}
}

func (w *xmlWriter) meta(instanceID, name string) {
	start := xml.StartElement{Name: xml.Name{Local: "meta"}, Attr: []xml.Attr{{Name: xml.Name{Local: "xmlns"}, Value: openRosa}}}
	w.put(start)
	if instanceID != "" {
		w.leaf("instanceID", "uuid:"+strings.TrimPrefix(instanceID, "uuid:"))
	}
	if name != "" {
		w.leaf("instanceName", name)
	}
	w.put(start.End())
}

// LoadXML replaces all answers by those of an instance in ODK's XML. Another
// form is refused; another version is accepted, and what the form does not
// know is kept aside. What is absent, as irrelevant answers are, is empty
// afterwards.
func (in *Instance) LoadXML(raw []byte) error {
	if len(raw) > maxXML {
		return fmt.Errorf("实例 XML 超过 %d MB，请核对文件", maxXML>>20)
	}
	root, err := parseElement(raw)
	if err != nil {
		return fmt.Errorf("实例 XML 无法读取，请核对文件：%w", err)
	}
	if id := root.attr("id"); id != in.form.ID {
		return fmt.Errorf("答案属于表单 %s，不是 %s，请用对应的表单打开", id, in.form.ID)
	}
	return in.load(in.form.Root.fromXML(root), in.loadNested)
}

// element is an XML element: children, or text where it has none.
type element struct {
	name     string
	attrs    []xml.Attr
	children []*element
	text     strings.Builder
}

func (e *element) attr(local string) string {
	i := slices.IndexFunc(e.attrs, func(a xml.Attr) bool { return a.Name.Local == local && a.Name.Space == "" })
	if i < 0 {
		return ""
	}
	return e.attrs[i].Value
}

// parseElement reads the document element with all below.
func parseElement(raw []byte) (*element, error) {
	d := xml.NewDecoder(bytes.NewReader(raw))
	top := &element{}
	open := []*element{top}
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		last := open[len(open)-1]
		switch t := t.(type) {
		case xml.StartElement:
			if len(open) > maxNests {
				return nil, fmt.Errorf("嵌套超过 %d 层", maxNests)
			}
			child := &element{name: t.Name.Local, attrs: slices.Clone(t.Attr)}
			last.children = append(last.children, child)
			open = append(open, child)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			last.text.Write(t)
		}
	}
	if len(top.children) != 1 {
		return nil, errors.New("没有内容")
	}
	return top.children[0], nil
}

// fromXML arranges the elements below e as loadNested takes answers: rows
// under the name of their repeat, templates of rows left out.
func (q *Question) fromXML(e *element) map[string]any {
	out := map[string]any{}
	for _, c := range e.children {
		child := q.child(c.name)
		switch {
		case child == nil && c.name == "meta" && q.Parent == nil:
		case child == nil:
			out[c.name] = c.unknown()
		case child.IsRepeat():
			if c.isTemplate() {
				continue
			}
			rows, _ := out[c.name].([]any)
			out[c.name] = append(rows, child.fromXML(c))
		case child.Type == TypeGroup:
			out[c.name] = child.fromXML(c)
		default:
			out[c.name] = c.text.String()
		}
	}
	return out
}

// isTemplate recognises the pattern of a row that is none itself.
func (e *element) isTemplate() bool {
	return slices.ContainsFunc(e.attrs, func(a xml.Attr) bool { return a.Name.Local == "template" })
}

// unknown is what is kept aside of an element the form does not have.
func (e *element) unknown() any {
	if len(e.children) == 0 {
		return e.text.String()
	}
	out := map[string]any{}
	for _, c := range e.children {
		out[c.name] = c.unknown()
	}
	return out
}
