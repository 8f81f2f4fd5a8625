package office

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"anxin/forms/paper"
	"anxin/model"
	"anxin/model/bundle"
	"anxin/model/seal"
)

// CaseRecord is one record of a case as its bundle holds it.
type CaseRecord struct {
	ID        model.ID
	Kind      model.Kind
	Record    model.Record
	Device    model.ID // that made the first revision
	Revisions []model.Revision
}

// CaseReport is what checking a bundle said.
type CaseReport struct {
	Manifest bundle.Manifest
	Meta     CaseMeta
	Sealed   bool // to its recipients
	// Trusted: the keys were given from outside, not taken from the bundle.
	Trusted   bool
	Records   []CaseRecord // the case first, then as they were written
	Files     []CaseFile
	Revisions int
	Faults    []string // one sentence each; empty when all is well
	Notes     []string // what could not be checked here, and is no fault
}

func (r *CaseReport) fault(format string, args ...any) {
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

func (r *CaseReport) note(format string, args ...any) {
	r.Notes = append(r.Notes, fmt.Sprintf(format, args...))
}

// Limits of the lists in a bundle, in bytes.
const (
	maxCaseList    = 64 << 20
	maxCaseJournal = 1 << 30
)

// VerifyCase checks the bundle of a case by itself, without a database: the
// bundle's signature and every member's hash, each revision's name and
// signature and its place behind the one before, that issued papers were only
// ever appended to, and that papers and evidence are the bytes that the
// records name. Known are the keys to trust; nil takes those of the bundle,
// which shows that nothing was changed but not who made it. Private opens a
// sealed one. What is wrong goes into the report; the error is for a file that
// cannot be read as the bundle of a case at all.
func VerifyCase(ctx context.Context, file string, known []model.PublicKey, private [][]byte) (*CaseReport, error) {
	b, err := bundle.OpenFile(file, bundle.Options{Kind: CaseBundle, Known: known, Private: private})
	if err != nil {
		return nil, err
	}
	defer b.Close()
	r := &CaseReport{Manifest: b.Manifest(), Sealed: b.Sealed(), Trusted: known != nil}
	if err := json.Unmarshal(r.Manifest.Meta, &r.Meta); err != nil {
		return nil, fmt.Errorf("案卷包“%s”的说明读不出来: %w", file, bundle.ErrDamaged)
	}
	if err := b.Verify(ctx); err != nil {
		return nil, fmt.Errorf("案卷包“%s”: %w", file, err)
	}
	keys, err := r.keys(b.Reader, known)
	if err != nil {
		return nil, fmt.Errorf("案卷包“%s”: %w", file, err)
	}
	if err := r.readJournal(b.Reader); err != nil {
		return nil, fmt.Errorf("案卷包“%s”: %w", file, err)
	}
	r.checkJournal(keys)
	if err := r.checkFiles(b.Reader, keys); err != nil {
		return nil, fmt.Errorf("案卷包“%s”: %w", file, err)
	}
	return r, nil
}

// keys are those to check with: the given ones, or the bundle's own list.
func (r *CaseReport) keys(b *bundle.Reader, known []model.PublicKey) ([]model.PublicKey, error) {
	raw, err := b.Read(caseKeys, maxCaseList)
	if err != nil {
		return nil, err
	}
	list, err := seal.ReadKeyList(raw)
	if err != nil {
		return nil, err
	}
	if list.KeyID != r.Manifest.KeyID {
		r.fault("包内的密钥清单不是由制作案卷包的设备签名")
	}
	if known != nil {
		return known, nil
	}
	if _, err := seal.KeyOn(list.Keys, r.Manifest.KeyID, r.Manifest.Made); err != nil {
		r.fault("制作案卷包的设备 %s：%v", r.Manifest.KeyID, err)
	}
	return list.Keys, nil
}

func (r *CaseReport) readJournal(b *bundle.Reader) error {
	raw, err := b.Read(caseJournal, maxCaseJournal)
	if err != nil {
		return err
	}
	lines := bufio.NewReader(bytes.NewReader(raw))
	at := map[model.ID]int{}
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if len(line) == 0 && errors.Is(err, io.EOF) {
			return nil
		}
		var rev model.Revision
		if err := json.Unmarshal(line, &rev); err != nil {
			return fmt.Errorf("%s 第 %d 行读不出来: %w", caseJournal, n, bundle.ErrDamaged)
		}
		i, ok := at[rev.Record]
		if !ok {
			i = len(r.Records)
			at[rev.Record] = i
			r.Records = append(r.Records, CaseRecord{ID: rev.Record, Kind: rev.Kind, Device: rev.Device})
		}
		r.Records[i].Revisions = append(r.Records[i].Revisions, rev)
		r.Revisions++
	}
}

// checkJournal checks every revision and decodes each record's newest.
func (r *CaseReport) checkJournal(keys []model.PublicKey) {
	for i := range r.Records {
		rec := &r.Records[i]
		byRev := map[model.Rev]model.Revision{}
		for _, rev := range rec.Revisions {
			r.checkRevision(rec.Kind, rev, keys)
			r.checkParents(rev, byRev)
			byRev[rev.Rev] = rev
		}
		newest := slices.MaxFunc(rec.Revisions, func(a, b model.Revision) int { return a.Rev.Generation() - b.Rev.Generation() })
		decoded, err := model.Decode(newest.Kind, newest.Body)
		if err != nil {
			r.note("%v", err)
		}
		rec.Record = decoded
	}
	if len(r.Records) == 0 || r.Records[0].ID != r.Meta.Case || r.Records[0].Kind != model.KindCase {
		r.fault("案卷包里没有清单所说的案件 %s", r.Meta.Case)
	}
}

func (r *CaseReport) checkRevision(kind model.Kind, rev model.Revision, keys []model.PublicKey) {
	if rev.Kind != kind {
		r.fault("记录 %s 的版本 %s 换了种类", rev.Record, rev.Rev)
	}
	key, ok := deviceKey(keys, rev.Device)
	if !ok {
		r.fault("%s记录 %s 的版本 %s 由不认识的设备 %s 签名", kind, rev.Record, rev.Rev, rev.Device)
		return
	}
	if err := seal.CheckRevision(rev, key.Key); err != nil {
		r.fault("%s记录 %s：%v", kind, rev.Record, err)
		return
	}
	if !key.Revoked.IsZero() && !rev.Time.Before(key.Revoked) {
		r.fault("%s记录 %s 的版本 %s 在设备 %s 的密钥吊销之后签名", kind, rev.Record, rev.Rev, rev.Device)
	}
}

func deviceKey(keys []model.PublicKey, device model.ID) (model.PublicKey, bool) {
	at := slices.IndexFunc(keys, func(k model.PublicKey) bool { return k.Device == device && k.Alg == model.AlgEd25519 })
	if at < 0 {
		return model.PublicKey{}, false
	}
	return keys[at], true
}

// checkParents checks that a revision may follow the ones it names. One that is
// not here is no fault: a laptop that joined later has a colleague's newest
// state only.
func (r *CaseReport) checkParents(rev model.Revision, byRev map[model.Rev]model.Revision) {
	for _, name := range rev.Parents {
		parent, ok := byRev[name]
		if !ok {
			r.note("%s记录 %s 的版本 %s 之前的版本不在制作案卷包的电脑上", rev.Kind, rev.Record, rev.Rev)
			continue
		}
		if err := model.CheckSuccessor(rev.Kind, parent.Body, rev.Body); err != nil {
			r.fault("%s记录 %s 的版本 %s：%v", rev.Kind, rev.Record, rev.Rev, err)
		}
	}
}

// checkFiles checks that every paper and piece of evidence is in the bundle
// with the bytes its record names.
func (r *CaseReport) checkFiles(b *bundle.Reader, keys []model.PublicKey) error {
	raw, err := b.Read(caseContents, maxCaseList)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &r.Files); err != nil {
		return fmt.Errorf("%s 读不出来: %w", caseContents, bundle.ErrDamaged)
	}
	for _, rec := range r.Records {
		_, _, sha := bytesOf(rec.Record)
		if sha == "" {
			continue
		}
		at := slices.IndexFunc(r.Files, func(f CaseFile) bool { return f.Record == rec.ID })
		switch {
		case at < 0:
			r.fault("%s %s 的文件不在目录上", rec.Kind, rec.ID)
		case r.Files[at].Member == "":
			r.note("%s %s 的文件不在制作案卷包的电脑上，没有收入", rec.Kind, rec.ID)
		default:
			if err := r.checkFile(b, rec, r.Files[at], sha, keys); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *CaseReport) checkFile(b *bundle.Reader, rec CaseRecord, f CaseFile, sha string, keys []model.PublicKey) error {
	m, ok := b.Member(f.Member)
	if !ok || m.SHA256 != sha || f.SHA256 != sha {
		r.fault("%s %s 的文件与登记的 SHA-256 不符", rec.Kind, rec.ID)
		return nil
	}
	in, err := b.Open(f.Member)
	if err != nil {
		return err
	}
	defer in.Close()
	sum := sm3.New()
	var pdf bytes.Buffer
	var to io.Writer = sum
	doc, isDoc := rec.Record.(*model.Document)
	if isDoc && m.Size <= maxVerifyBytes {
		to = io.MultiWriter(sum, &pdf)
	}
	if _, err := io.Copy(to, in); err != nil {
		return err
	}
	got := hex.EncodeToString(sum.Sum(nil))
	if e, ok := rec.Record.(*model.Evidence); got != f.SM3 || ok && e.SM3 != "" && e.SM3 != got {
		r.fault("%s %s 的文件与登记的 SM3 不符", rec.Kind, rec.ID)
	}
	if isDoc {
		r.checkPaper(rec.ID, doc, pdf.Bytes(), keys)
	}
	return nil
}

// checkPaper checks a paper's token and that the data inside the PDF is what
// the token was signed for.
func (r *CaseReport) checkPaper(id model.ID, doc *model.Document, pdf []byte, keys []model.PublicKey) {
	name := doc.Title + " " + doc.Issued.Printed()
	sealed, err := paper.ReadPDF(pdf)
	if err != nil {
		r.fault("文书“%s”：%v", name, err)
		return
	}
	if sealed.Token != doc.Issued.Token {
		r.fault("文书“%s”的二维码与登记的不同", name)
		return
	}
	claim, err := seal.VerifyToken(doc.Issued.Token, keys, latest(r.Manifest.Made, doc.Issued.At))
	if err != nil {
		r.fault("文书“%s”：%v", name, err)
		return
	}
	v := verifyAttachment(sealed, claim)
	if v != nil {
		r.fault("文书“%s”：%v", name, v)
	}
	if claim.Document != id || claim.Number != doc.Issued.Printed() || hex.EncodeToString(claim.Digest) != doc.Issued.Digest {
		r.fault("文书“%s”的二维码说的是另一份文书", name)
	}
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
