package main

import (
	"cmp"
	"crypto/ecdh"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"anxin/app/office"
	"anxin/model"
	"anxin/model/statute"
)

type caseBundleCmd struct {
	ID  string   `arg:"" help:"案件编号"`
	Out string   `required:"" help:"写到哪个文件，如 案卷.zip" type:"path"`
	For []string `help:"接收方的加密公钥（base64）；写了就只有接收方能打开，可写多次"`
}

// Run implements the command.
func (c *caseBundleCmd) Run(s *session) error {
	id, err := model.ParseID(c.ID)
	if err != nil {
		return err
	}
	recipients, err := publicKeys(c.For)
	if err != nil {
		return err
	}
	if err := folderOf(c.Out); err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		files, err := o.ExportCase(s.ctx, id, c.Out, recipients, nil)
		if err != nil {
			return err
		}
		absent := 0
		for _, f := range files {
			if f.Member == "" {
				absent++
			}
		}
		s.printf("已写出“%s”，文件 %d 个\n", c.Out, len(files)-absent)
		if absent > 0 {
			s.printf("提示 %d 个文件不在本机，没有收入；请同步后再导出\n", absent)
		}
		if len(recipients) == 0 {
			s.printf("提示 案卷包没有加密，含有个人信息，请妥善保管；用 --for 可以只让接收方打开\n")
		}
		return nil
	})
}

// publicKeys reads X25519 public keys.
func publicKeys(texts []string) ([][]byte, error) {
	var out [][]byte
	for _, text := range texts {
		raw, err := base64.StdEncoding.DecodeString(text)
		if err == nil {
			_, err = ecdh.X25519().NewPublicKey(raw)
		}
		if err != nil {
			return nil, fmt.Errorf("“%s”不是加密公钥，应为 32 字节的 base64，请向接收方核对", text)
		}
		out = append(out, raw)
	}
	return out, nil
}

type caseVerifyCmd struct {
	File string `arg:"" help:"案卷包"`
	Keys string `help:"可信的密钥清单文件；不写则用案卷包内的" type:"path"`
	Key  string `help:"解密私钥文件（base64），用于加密的案卷包" type:"path"`
	Full bool   `help:"显示完整的个人信息"`
}

// Run implements the command. What is wrong with the bundle is said on
// standard output and ends with a non-zero exit.
func (c *caseVerifyCmd) Run(s *session) error {
	var known []model.PublicKey
	if c.Keys != "" {
		var err error
		if known, err = office.ReadKeys(c.Keys); err != nil {
			return err
		}
	}
	private, err := privateKey(c.Key)
	if err != nil {
		return err
	}
	if err := openable(c.File); err != nil {
		return err
	}
	r, err := office.VerifyCase(s.ctx, c.File, known, private)
	if err != nil {
		return err
	}
	p := casePrinter{session: s, full: c.Full}
	p.report(r)
	if len(r.Faults) > 0 {
		return errSaid
	}
	return nil
}

// openable gives the one sentence for a file that is not there.
func openable(path string) error {
	f, err := openFile(path)
	if err != nil {
		return err
	}
	return f.Close()
}

func privateKey(path string) ([][]byte, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("读取私钥文件“%s”: %w", path, err)
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err == nil {
		_, err = ecdh.X25519().NewPrivateKey(raw)
	}
	if err != nil {
		return nil, fmt.Errorf("“%s”里不是解密私钥，应为 32 字节的 base64", path)
	}
	return [][]byte{raw}, nil
}

type custodyCmd struct {
	ID   string `arg:"" help:"证据编号"`
	SM3  bool   `name:"sm3" help:"读出全部内容，计算 SM3"`
	JSON bool   `help:"以 JSON 输出"`
}

// Run implements the command.
func (c *custodyCmd) Run(s *session) error {
	id, err := model.ParseID(c.ID)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		chain, err := o.Desk.Custody(s.ctx, id)
		if err != nil {
			return err
		}
		if c.JSON {
			return s.json(chain)
		}
		if c.SM3 {
			if err := s.sm3(o, id); err != nil {
				return err
			}
		}
		for _, x := range chain {
			s.printf("%s  %s  人员 %s  设备 %s  %s\n", model.ChineseTime(x.At), x.Event, s.person(o, x.By), cmp.Or(x.Device, "—"), x.Note)
		}
		s.printf("共 %d 条\n", len(chain))
		return nil
	})
}

// person is who an entry of the chain names; nobody is written as a dash.
func (s *session) person(o *office.Office, id model.ID) string {
	if id == "" {
		return "—"
	}
	return s.nameOf(o, id)
}

// sm3 reads a piece of evidence whole and prints both its hashes.
func (s *session) sm3(o *office.Office, id model.ID) error {
	h, err := o.Store.Head(s.ctx, id)
	if err != nil {
		return err
	}
	e, err := model.As[model.Evidence](h.Body)
	if err != nil {
		return err
	}
	if err := o.Blobs.Check(s.ctx, e.SHA256); err != nil {
		return err
	}
	sum, err := o.Blobs.SM3(s.ctx, e.SHA256)
	if err != nil {
		return err
	}
	if e.SM3 != "" && e.SM3 != sum {
		return fmt.Errorf("证据 %s 的 SM3 与登记的不符，文件可能被换过", id)
	}
	s.printf("SHA-256 %s\nSM3 %s\n", e.SHA256, sum)
	return nil
}

// casePrinter writes what a bundle holds; personal data is masked unless full.
type casePrinter struct {
	*session
	full bool
}

func (p casePrinter) report(r *office.CaseReport) {
	m := r.Manifest
	sealed := ""
	if r.Sealed {
		sealed = "（加密）"
	}
	p.printf("%s的案卷包%s，%s由设备 %s 制作\n", r.Meta.Office, sealed, model.ChineseTime(m.Made), m.KeyID)
	for _, rec := range r.Records {
		p.record(rec)
	}
	for _, n := range r.Notes {
		p.printf("提示 %s\n", n)
	}
	for _, f := range r.Faults {
		p.printf("问题 %s\n", f)
	}
	p.printf("%d 条记录，%d 个版本，%d 个文件，问题 %d\n", len(r.Records), r.Revisions, len(r.Files), len(r.Faults))
	switch {
	case len(r.Faults) > 0:
		p.printf("无效 (invalid)：有上面列出的 %d 处问题，请向制作单位核实\n", len(r.Faults))
	case r.Trusted:
		p.printf("有效 (valid)：每个版本的签名、前后次序和每个文件都与登记的一致，签名设备都在可信的密钥清单上\n")
	default:
		p.printf("有效 (valid)：内容自签名以来没有改动；要确认是谁签的，请用 --keys 指定签发单位或中心给的密钥清单\n")
	}
}

func (p casePrinter) record(rec office.CaseRecord) {
	switch v := rec.Record.(type) {
	case *model.Case:
		p.printf("案件 %s  %s  %s  %s立案\n", v.Number, v.Cause, v.State, model.DateOf(v.OpenedAt).Chinese())
	case *model.Employer:
		p.printf("单位 %s  %s  法定代表人 %s\n", v.Name, v.USCC, p.name(v.LegalRep))
	case *model.Site:
		p.printf("工程 %s\n", v.Name)
	case *model.Officer:
		p.printf("执法人员 %s  %s\n", v.Name, v.CertNo)
	case *model.Lead:
		p.printf("线索 %s  %s  反映人 %s %s\n", v.Source, v.State, p.name(v.Complainant), p.masked(v.Phone, statute.MaskPhone))
	case *model.Inspection:
		p.printf("检查 %s  %s  %s\n", model.ChineseTime(v.Start), v.Matter, v.State)
	case *model.Interview:
		p.printf("询问 %s  第%d次  %s %s  %d 问\n", model.ChineseTime(v.Start), v.Times, p.name(v.Person), p.masked(v.IDNo, statute.MaskID), len(v.QAs))
	case *model.WageRoll:
		p.wageRoll(v)
	case *model.Document:
		p.document(v)
	case *model.Service:
		p.printf("送达 %s  %s  %s\n", model.ChineseTime(v.At), v.Mode, p.name(v.Receiver))
	case *model.Evidence:
		p.evidence(v)
	case *model.Custody:
		p.printf("保管 %s  %s  证据 %s\n", model.ChineseTime(v.At), v.Event, v.Evidence)
	}
}

func (p casePrinter) wageRoll(v *model.WageRoll) {
	total := statute.Fen(v.TotalFen())
	p.printf("工资表 %d 名劳动者，合计 %s 元\n", len(v.Workers), total)
	for _, w := range v.Workers {
		p.printf("  %s  %s  %s 元\n", p.name(w.Name), p.masked(w.IDNo, statute.MaskID), statute.Fen(w.OwedFen))
	}
}

func (p casePrinter) document(v *model.Document) {
	if v.Issued == nil {
		p.printf("文书 %s %s  %s\n", v.Type, v.Title, v.State)
		return
	}
	p.printf("文书 %s %s %s  %s  %s签发  %d 页\n", v.Type, v.Title, v.Issued.Printed(), v.State, model.DateOf(v.Issued.At).Chinese(), v.Issued.Pages)
}

func (p casePrinter) evidence(v *model.Evidence) {
	name := v.Name
	if !p.full {
		name = "*" + filepath.Ext(v.Name) // a file name may be a person's
	}
	p.printf("证据 %s  %s  %s  %d 字节  %s导入  SHA-256 %s\n", v.Category, name, v.Type, v.Size, model.ChineseTime(v.ImportedAt), v.SHA256)
	if v.Damaged != "" {
		p.printf("  %s\n", v.Damaged)
	}
}

// name is somebody's name, or its first character.
func (p casePrinter) name(full string) string {
	if p.full || full == "" {
		return full
	}
	return string([]rune(full)[:1]) + "**"
}

func (p casePrinter) masked(text string, mask func(string) string) string {
	if p.full {
		return text
	}
	return mask(text)
}
