package paper

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// settled writes a PDF anew so that the same content is the same bytes: objects are numbered in the order in which
// the pages lead to them, names in a dictionary are sorted, and neither the moment of making nor chance is in it.
func settled(pdf []byte) ([]byte, error) {
	ctx, err := api.ReadContext(bytes.NewReader(pdf), conf())
	if err != nil {
		return nil, err
	}
	w := &settler{table: ctx.XRefTable, numbers: map[int]int{}}
	w.out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	root, err := w.reference(*ctx.Root)
	if err != nil {
		return nil, err
	}
	info := ""
	if ctx.Info != nil {
		if info, err = w.reference(*ctx.Info); err != nil {
			return nil, err
		}
	}
	var starts []int
	for i := 0; i < len(w.queue); i++ { // what is written leads to more
		starts = append(starts, w.out.Len())
		if err := w.object(i+1, w.queue[i]); err != nil {
			return nil, err
		}
	}
	w.trailer(starts, root, info)
	return w.out.Bytes(), nil
}

// settler numbers the objects of a PDF as it comes to them.
type settler struct {
	table   *model.XRefTable
	numbers map[int]int // old to new
	queue   []types.Object
	out     bytes.Buffer
}

// reference is the new name of an object.
func (w *settler) reference(r types.IndirectRef) (string, error) {
	old := r.ObjectNumber.Value()
	n, known := w.numbers[old]
	if !known {
		o, err := w.table.Dereference(r)
		if err != nil {
			return "", err
		}
		w.queue = append(w.queue, o)
		n = len(w.queue)
		w.numbers[old] = n
	}
	return fmt.Sprintf("%d 0 R", n), nil
}

func (w *settler) object(n int, o types.Object) error {
	fmt.Fprintf(&w.out, "%d 0 obj\n", n)
	s, isStream := o.(types.StreamDict)
	if isStream {
		s.Dict = maps.Clone(s.Dict)
		s.Dict["Length"] = types.Integer(len(s.Raw))
		o = s.Dict
	}
	if err := w.value(o); err != nil {
		return err
	}
	if isStream {
		w.out.WriteString("\nstream\n")
		w.out.Write(s.Raw)
		w.out.WriteString("\nendstream")
	}
	w.out.WriteString("\nendobj\n")
	return nil
}

// moments are entries that say when a file was made.
var moments = []string{"CreationDate", "ModDate", "LastModified"}

func (w *settler) value(o types.Object) error {
	switch v := o.(type) {
	case nil:
		w.out.WriteString("null")
	case types.IndirectRef:
		name, err := w.reference(v)
		w.out.WriteString(name)
		return err
	case types.Dict:
		w.out.WriteString("<<")
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if slices.Contains(moments, key) {
				continue
			}
			w.out.WriteString("/" + types.EncodeName(key) + " ")
			if err := w.value(v[key]); err != nil {
				return err
			}
		}
		w.out.WriteString(">>")
	case types.Array:
		w.out.WriteString("[")
		for i, x := range v {
			if i > 0 {
				w.out.WriteString(" ")
			}
			if err := w.value(x); err != nil {
				return err
			}
		}
		w.out.WriteString("]")
	default:
		w.out.WriteString(o.PDFString())
	}
	return nil
}

func (w *settler) trailer(starts []int, root, info string) {
	sum := sha256.Sum256(w.out.Bytes())
	at := w.out.Len()
	fmt.Fprintf(&w.out, "xref\n0 %d\n0000000000 65535 f \n", len(starts)+1)
	for _, s := range starts {
		fmt.Fprintf(&w.out, "%010d 00000 n \n", s)
	}
	fmt.Fprintf(&w.out, "trailer\n<</Size %d/Root %s", len(starts)+1, root)
	if info != "" {
		w.out.WriteString("/Info " + info)
	}
	fmt.Fprintf(&w.out, "/ID [<%x><%x>]>>\nstartxref\n%d\n%%%%EOF\n", sum[:16], sum[:16], at)
}
