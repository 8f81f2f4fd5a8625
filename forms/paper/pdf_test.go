package paper

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
)

// allTexts gives every text a job's fields hold.
func allTexts(fields map[string]any) []string {
	var out []string
	for name, v := range fields {
		switch v := v.(type) {
		case string:
			if name != "inspection_kind" && name != "manner" { // printed among their options
				out = append(out, v)
			}
		case []map[string]any:
			for _, m := range v {
				out = append(out, allTexts(m)...)
			}
		case []any:
			for _, m := range v {
				if m, ok := m.(map[string]any); ok {
					out = append(out, allTexts(m)...)
				}
			}
		}
	}
	return out
}

// What goes in comes out of the file for every reader of PDF text, in order, rare characters too.
func TestPopplerReadsEveryCharacter(t *testing.T) {
	for name, job := range samples() {
		pdf := mustPrint(t, job).PDF
		text := squeeze(tool(t, pdf, "pdftotext", "-raw", "FILE", "-"))
		for _, want := range append(allTexts(job.Fields), job.Number) {
			if !strings.Contains(text, squeeze(want)) && !inPieces(text, squeeze(want)) {
				t.Errorf("%s: %q is not in the text of the file", name, want)
			}
		}
	}
}

// inPieces finds a text that a page turn parts: its two pieces stand in order with the margins between.
func inPieces(text, want string) bool {
	for cut := range want {
		at := strings.Index(text, want[:cut])
		if cut > 12 && at >= 0 && strings.Contains(text[at+cut:], want[cut:]) && len(want)-cut > 0 {
			return true
		}
	}
	return false
}

func TestPopplerReadsRareNames(t *testing.T) {
	job := orderJob(7)
	text := squeeze(tool(t, mustPrint(t, job).PDF, "pdftotext", "-raw", "FILE", "-"))
	for _, name := range rareNames {
		if !strings.Contains(text, name) {
			t.Errorf("%s is not in the text of the file", name)
		}
	}
}

func TestQpdfFindsNoFault(t *testing.T) {
	for name, job := range samples() {
		job.Mark = MarkCopy
		job.Attachment = []byte(`{"a":1}`)
		if out := tool(t, mustPrint(t, job).PDF, "qpdf", "--check", "FILE"); strings.Contains(strings.ToUpper(out), "WARNING") {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// Every file says its language, its name, its dates and its /ID, carries its attachment, its bookmarks and metadata that
// a reader of XML understands, and has embedded every face with the meaning of its codes.
func TestEveryFileIsWhatTheNormsAsk(t *testing.T) {
	p, ids := newPress(t), map[string]string{}
	id := regexp.MustCompile(`/ID \[<(\w{32})> <(\w{32})>\]`)
	for docType, job := range everyJob(t) {
		t.Run(docType, func(t *testing.T) {
			job.Attachment = []byte(`{"type":"` + docType + `","stream":"endobj"}`)
			pdf, title := mustPrint(t, job).PDF, p.TitleFor(docType, job.Fields)
			for _, want := range []string{"%PDF-1.7", "/Lang (zh-CN)", "/Type /Metadata", "/EmbeddedFiles", "(document.json)", "/Outlines ",
				"/CreationDate (D:20260318163000+08'00')", "/DisplayDocTitle true", "/Title " + textString(title)} {
				if !bytes.Contains(pdf, []byte(want)) {
					t.Errorf("the file lacks %q", want)
				}
			}
			m := id.FindSubmatch(pdf)
			if m == nil || ids[string(m[1])] != "" {
				t.Fatalf("the /ID %q is wrong, or that of %s too", m, ids[string(m[1])])
			}
			ids[string(m[1])] = docType
			got, err := api.ExtractAttachmentsRaw(bytes.NewReader(pdf), "", nil, strict())
			if err != nil || len(got) != 1 {
				t.Fatalf("%d attachments, %v", len(got), err)
			}
			if data, err := io.ReadAll(got[0]); err != nil || !bytes.Equal(data, job.Attachment) {
				t.Errorf("the attachment came out as %q, %v", data, err)
			}
			if words := metadataWords(t, pdf); !strings.Contains(words, title) || !strings.Contains(words, "2026-03-18T16:30:00+08:00") {
				t.Errorf("the metadata says %q", words)
			}
			for _, font := range strings.Split(strings.TrimSpace(tool(t, pdf, "pdffonts", "FILE")), "\n")[2:] {
				if words := strings.Fields(font); !slices.Equal(words[len(words)-5:len(words)-2], []string{"yes", "yes", "yes"}) {
					t.Errorf("not embedded, not a subset or without meaning: %s", font)
				}
			}
		})
	}
}

// metadataWords are the texts of a file's XMP packet.
func metadataWords(t *testing.T, pdf []byte) string {
	t.Helper()
	from, to := bytes.Index(pdf, []byte("<x:xmpmeta")), bytes.Index(pdf, []byte("</x:xmpmeta>"))
	if from < 0 || to < from {
		t.Fatal("the file has no metadata")
	}
	var words strings.Builder
	d := xml.NewDecoder(bytes.NewReader(pdf[from : to+len("</x:xmpmeta>")]))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return words.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			words.Write(text)
		}
	}
}

func TestReadPDFGivesBackWhatWentIn(t *testing.T) {
	for name, job := range samples() {
		for _, attachment := range [][]byte{nil, {}, []byte(`{"id":"x","stream":">>\nstream\n endobj"}`), bytes.Repeat([]byte("甲"), 100_000)} {
			job.Attachment = attachment
			got, err := ReadPDF(mustPrint(t, job).PDF)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if got.Type != job.Type || got.Token != job.Token || !bytes.Equal(got.Attachment, attachment) {
				t.Errorf("%s: %d bytes of attachment came back as %d, type %q", name, len(attachment), len(got.Attachment), got.Type)
			}
		}
	}
}

func TestReadPDFRefusesOthers(t *testing.T) {
	ours := mustPrint(t, orderJob(1)).PDF
	foreign := map[string][]byte{
		"nothing": nil, "text": []byte("hello"),
		"bare": []byte("%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R /Info 1 0 R>>\nstartxref\n9\n%%EOF"),
	}
	changed := map[string][]byte{
		"cut":          ours[:len(ours)-200],
		"without keys": bytes.ReplaceAll(ours, []byte("/AnxinToken"), []byte("/OtherToken")),
		"spoilt":       bytes.Replace(ours, []byte("/EF <</F"), []byte("/EF <</G"), 1),
	}
	for want, cases := range map[error]map[string][]byte{ErrForeign: foreign, ErrChanged: changed} {
		for name, data := range cases {
			if _, err := ReadPDF(data); !errors.Is(err, want) {
				t.Errorf("%s: error is %v", name, err)
			}
		}
	}
}

// bareFile is what ReadPDF looks at, without pages.
func bareFile() []byte {
	job := &Job{Type: "D16", Token: "T", Attachment: []byte("{}"), Issued: time.Unix(0, 0).UTC()}
	o := &objects{bodies: make([][]byte, 1)}
	o.info = o.add(infoObject(job, "甲"))
	spec := o.addAttachment(job)
	o.root = o.add(fmt.Appendf(nil, "<</Type /Catalog /Names <</EmbeddedFiles <</Names [(document.json) %d 0 R]>>>>>>", spec))
	return o.write()
}

func FuzzReadPDF(f *testing.F) {
	if got, err := ReadPDF(bareFile()); err != nil || string(got.Attachment) != "{}" {
		f.Fatalf("the seed is no document: %v", err)
	}
	f.Add(bareFile())
	f.Add([]byte("%PDF-1.7\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Root 1 0 R /Info 1 0 R>>\nstartxref\n9\n%%EOF"))
	f.Add([]byte("startxref 0"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if got, err := ReadPDF(data); err != nil && (got.Token != "" || !errors.Is(err, ErrForeign) && !errors.Is(err, ErrChanged)) {
			t.Errorf("an error with a token, or of another kind: %v", err)
		}
	})
}
