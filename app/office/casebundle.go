package office

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/emmansun/gmsm/sm3"
	"github.com/google/uuid"

	"anxin/model"
	"anxin/model/bundle"
	"anxin/model/seal"
)

// CaseBundle is the kind of a bundle that holds one case.
const CaseBundle = "case"

// What stands where in the bundle of a case.
const (
	caseJournal  = "journal.jsonl" // one signed revision a line
	caseKeys     = "keys.json"     // the keys they are checked with, a seal.KeyList
	caseContents = "contents.json" // []CaseFile
)

// CaseMeta is what the manifest says of a case.
type CaseMeta struct {
	Case   model.ID `json:"case"`
	Number string   `json:"number"`
	Office string   `json:"office"`
}

// CaseFile is one paper, piece of evidence or workbook of a case and where its
// bytes stand in the bundle.
type CaseFile struct {
	Record model.ID `json:"record"`
	SHA256 string   `json:"sha256"`
	SM3    string   `json:"sm3,omitempty"`
	// Member is "" when the bytes are not on the laptop that made the bundle.
	Member string `json:"member,omitempty"`
}

// ExportCase writes everything a case holds into a signed bundle at a path: the
// journals of the case and of all records it rests on, its papers, its
// evidence, and the keys they are checked with. With recipients (X25519 public
// keys) it is sealed to them, without it can be read by whoever has it. Each
// piece of evidence gets an entry in its chain of custody.
func (o *Office) ExportCase(ctx context.Context, id model.ID, file string, recipients [][]byte, tell func(done float64, name string)) ([]CaseFile, error) {
	heads, err := o.caseHeads(ctx, id)
	if err != nil {
		return nil, err
	}
	office, err := o.Desk.Office(ctx)
	if err != nil {
		return nil, err
	}
	meta, err := json.Marshal(CaseMeta{Case: id, Number: heads[0].Summary.Number, Office: office.Value.Name})
	if err != nil {
		return nil, fmt.Errorf("写出案卷包: %w", err)
	}
	var files []CaseFile
	h := bundle.Header{Kind: CaseBundle, Made: o.Now(), Meta: meta}
	err = bundle.WriteFile(file, h, o.Device(), recipients, func(w *bundle.Writer) error {
		if err := o.addJournal(ctx, w, heads); err != nil {
			return err
		}
		if files, err = o.addFiles(ctx, w, heads, tell); err != nil {
			return err
		}
		return o.addLists(ctx, w, files)
	})
	if err != nil {
		return nil, err
	}
	return files, o.Desk.EvidenceExported(ctx, "案卷包", evidenceIn(heads, files)...)
}

func evidenceIn(heads []model.Head, files []CaseFile) (out []model.ID) {
	for _, h := range heads {
		if h.Kind == model.KindEvidence && slices.ContainsFunc(files, func(f CaseFile) bool { return f.Record == h.ID && f.Member != "" }) {
			out = append(out, h.ID)
		}
	}
	return out
}

// caseHeads are the records of a case, the case first: those that say they
// belong to it, and those that these name (parties, sites, officers, visits
// from before the case). A record of another case is never among them.
func (o *Office) caseHeads(ctx context.Context, id model.ID) ([]model.Head, error) {
	first, err := o.Store.Head(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("打开案件: %w", err)
	}
	if first.Kind != model.KindCase {
		return nil, fmt.Errorf("编号 %s 不是案件: %w", id, model.ErrNotFound)
	}
	g := gathered{of: id, heads: []model.Head{first}, seen: map[model.ID]bool{id: true}}
	for _, kind := range model.Kinds() {
		list, err := o.Store.List(ctx, model.Query{Kind: kind, Case: id, Limit: 1 << 30})
		if err != nil {
			return nil, fmt.Errorf("列出案件的记录: %w", err)
		}
		slices.Reverse(list)
		for _, h := range list {
			g.add(h)
		}
	}
	for i := 0; i < len(g.heads); i++ { // what is named may name more
		for _, name := range append(named(g.heads[i].Body), g.heads[i].Author) {
			if err := o.gather(ctx, &g, name); err != nil {
				return nil, fmt.Errorf("列出案件的记录: %w", err)
			}
		}
	}
	return g.heads, nil
}

// gathered are the records of a case, each once.
type gathered struct {
	of    model.ID
	heads []model.Head
	seen  map[model.ID]bool
}

func (g *gathered) add(h model.Head) {
	if !g.seen[h.ID] {
		g.seen[h.ID] = true
		g.heads = append(g.heads, h)
	}
}

// gather adds a record that another names, unless it is of another case.
func (o *Office) gather(ctx context.Context, g *gathered, name model.ID) error {
	if g.seen[name] {
		return nil
	}
	h, err := o.Store.Head(ctx, name)
	if errors.Is(err, model.ErrNotFound) {
		return nil
	}
	if err == nil && h.Kind != model.KindCase && (h.Summary.Case == "" || h.Summary.Case == g.of) {
		g.add(h)
	}
	return err
}

// named are the record ids that a body mentions, in the order of the body.
func named(body []byte) (out []model.ID) {
	dec := json.NewDecoder(bytes.NewReader(body))
	for {
		token, err := dec.Token()
		if err != nil {
			return out // the end, or a body the store would not have taken
		}
		if text, ok := token.(string); ok && len(text) == 36 && uuid.Validate(text) == nil {
			out = append(out, model.ID(text))
		}
	}
}

// addJournal writes every revision of the records, a line each.
func (o *Office) addJournal(ctx context.Context, w *bundle.Writer, heads []model.Head) error {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	for _, h := range heads {
		revs, err := o.Store.History(ctx, h.ID)
		if err != nil {
			return err
		}
		for _, r := range revs {
			if err := enc.Encode(r); err != nil {
				return fmt.Errorf("写出版本 %s: %w", r.Rev, err)
			}
		}
	}
	_, err := w.Add(caseJournal, &out)
	return err
}

// addFiles writes the bytes that the records speak of, each once.
func (o *Office) addFiles(ctx context.Context, w *bundle.Writer, heads []model.Head, tell func(done float64, name string)) ([]CaseFile, error) {
	var out []CaseFile
	member := map[string]CaseFile{} // by hash
	for i, h := range heads {
		r, err := model.Decode(h.Kind, h.Body)
		if err != nil {
			return nil, err
		}
		folder, name, sha := bytesOf(r)
		if sha == "" {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if tell != nil {
			tell(float64(i)/float64(len(heads)), name)
		}
		f, done := member[sha]
		if !done {
			f = CaseFile{SHA256: sha, Member: path.Join(folder, sha[:12]+" "+plainName(name))}
			if f, err = o.addFile(ctx, w, f); err != nil {
				return nil, err
			}
			member[sha] = f
		}
		f.Record = h.ID
		out = append(out, f)
	}
	return out, nil
}

// bytesOf says which bytes a record speaks of and what to call them; "" for
// none.
func bytesOf(r model.Record) (folder, name, sha string) {
	switch v := r.(type) {
	case *model.Document:
		if v.Issued != nil {
			return "documents", cmp.Or(v.Issued.Printed(), v.Title) + ".pdf", v.Issued.PDF
		}
	case *model.Evidence:
		return "evidence", v.Name, v.SHA256
	case *model.WageRoll:
		return "wagerolls", v.File, v.SHA256
	}
	return "", "", ""
}

// plainName is a file name that every system keeps: the rest of it is dropped.
func plainName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/:*?"<>|`, r) || !unicode.IsPrint(r) {
			return '_'
		}
		return r
	}, name)
	ext := path.Ext(clean)
	if len(ext) > 16 {
		ext = ""
	}
	if stem := []rune(strings.TrimSuffix(clean, ext)); len(stem) > 40 {
		clean = string(stem[:40]) + ext
	}
	return cmp.Or(strings.TrimRight(clean, ". "), "file")
}

func (o *Office) addFile(ctx context.Context, w *bundle.Writer, f CaseFile) (CaseFile, error) {
	r, _, err := o.Blobs.Get(ctx, f.SHA256)
	if errors.Is(err, model.ErrNotFound) {
		return CaseFile{SHA256: f.SHA256}, nil
	}
	if err != nil {
		return f, err
	}
	defer r.Close()
	sum := sm3.New()
	if _, err := w.Add(f.Member, io.TeeReader(r, sum)); err != nil {
		return f, err
	}
	f.SM3 = hex.EncodeToString(sum.Sum(nil))
	return f, nil
}

func (o *Office) addLists(ctx context.Context, w *bundle.Writer, files []CaseFile) error {
	known, err := o.IssuerKeys(ctx)
	if err != nil {
		return err
	}
	keys, err := seal.SignKeyList(known, o.Now(), o.Device())
	if err != nil {
		return err
	}
	contents, err := json.MarshalIndent(files, "", "  ")
	if err != nil {
		return fmt.Errorf("写出案卷包的目录: %w", err)
	}
	if _, err := w.Add(caseKeys, bytes.NewReader(keys)); err != nil {
		return err
	}
	_, err = w.Add(caseContents, bytes.NewReader(contents))
	return err
}
