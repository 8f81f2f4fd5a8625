package main

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"anxin/app/office"
	"anxin/model"
	"anxin/model/statute"
)

type storeCmd struct {
	Verify   storeVerifyCmd   `cmd:"" help:"检查日志链、签名、记录和文号"`
	Rebuild  storeRebuildCmd  `cmd:"" help:"由日志重建列表和索引"`
	Backup   storeBackupCmd   `cmd:"" help:"备份全部数据和证据到一个文件，并打开核对"`
	Restore  storeRestoreCmd  `cmd:"" help:"从备份恢复到空文件夹"`
	Recovery storeRecoveryCmd `cmd:"" help:"登记局里的恢复公钥，或者生成一对恢复密钥"`
	History  storeHistoryCmd  `cmd:"" help:"一条记录：谁在什么时候改了哪一项"`
	Stats    storeStatsCmd    `cmd:"" help:"统计"`
}

// options are the office in the data folder of this session.
func (s *session) options() office.Options {
	return office.Options{Dir: s.dir, Marks: s.marks, Upgrading: s.upgrading}
}

// upgrading shows how much is done of bringing up an older program's data.
func (s *session) upgrading(done float64) {
	s.progress("\r升级数据 %d%%  ", int(100*done))
	if done == 1 {
		s.progress("\n")
	}
}

// rows shows how many rows of how many are done.
func (s *session) rows(what string) func(done, total int) {
	return func(done, total int) { s.progress("\r%s %d/%d", what, done, total) }
}

// bytes shows how much of a backup or restore is done.
func (s *session) bytes(p office.Progress) {
	s.progress("\r%s %d%%  ", p.Phase, 100*p.Done/max(p.Total, 1))
}

type storeVerifyCmd struct{}

// Run implements the command.
func (c *storeVerifyCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		rep, err := o.Store.VerifyWatched(s.ctx, s.rows("检查"))
		s.progress("\n")
		if err != nil {
			return err
		}
		for _, f := range rep.Faults {
			s.printf("问题 %s\n", f)
		}
		s.printf("%d 条修改，%d 条日志，%d 条记录，%d 个文号，问题 %d\n", rep.Revisions, rep.Ops, rep.Records, rep.Numbers, len(rep.Faults))
		if len(rep.Faults) > 0 {
			return errSaid
		}
		return nil
	})
}

type storeRebuildCmd struct{}

// Run implements the command.
func (c *storeRebuildCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		did, err := o.Store.Rebuild(s.ctx, s.rows("重建"))
		s.progress("\n")
		if err != nil {
			return err
		}
		s.printf("由日志重建了 %d 条记录的列表和索引，其中补回或者改正 %d 条，去掉 %d 条，补登已签发的文书 %d 份\n", did.Records, did.Repaired, did.Removed, did.Issued)
		return nil
	})
}

type storeBackupCmd struct {
	File string `arg:"" placeholder:"备份文件" help:"写到哪个文件，不能已经存在" example:"备份-20261122.axb" type:"path"`
}

// Run implements the command.
func (c *storeBackupCmd) Run(s *session) error {
	if err := folderOf(c.File); err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		rep, err := o.Backup(s.ctx, c.File, s.bytes)
		s.progress("\n")
		if err != nil {
			return err
		}
		s.missing(rep)
		if !rep.Recovery {
			s.printf("提示 还没有登记局里的恢复公钥，忘记口令后这份备份谁也打不开；请用 anxinctl store recovery 登记\n")
		}
		s.printf("已备份到“%s”并打开核对：%d 条记录，%d 个证据文件，%d 字节\n", c.File, rep.Records, rep.Files, rep.Bytes)
		return nil
	})
}

// missing names the files that records speak of and that are not there.
func (s *session) missing(rep office.BackupReport) {
	for _, name := range rep.Missing {
		s.printf("提示 %s的文件不在本机，联网后可从中心取回\n", name)
	}
}

type storeRestoreCmd struct {
	File string `arg:"" help:"备份文件" type:"path"`
	Key  string `help:"局里的恢复私钥文件；不写就用备份那天的口令" type:"path"`
}

// Run implements the command.
func (c *storeRestoreCmd) Run(s *session) error {
	from := office.RestoreFrom{Path: c.File}
	if err := openable(c.File); err != nil {
		return err
	}
	private, err := privateKey(c.Key)
	if err != nil {
		return err
	}
	if private != nil {
		from.Recovery = private[0]
		from.Fresh, err = s.pass("设置新口令：")
	} else {
		from.Passphrase, err = s.pass("备份那天的口令：")
	}
	if err != nil {
		return err
	}
	if err := s.hold(); err != nil {
		return err
	}
	rep, err := office.Restore(s.ctx, s.options(), from, s.bytes)
	s.progress("\n")
	if err != nil {
		return err
	}
	s.missing(rep)
	s.printf("已恢复到“%s”：%s的备份，%d 条记录，%d 个证据文件；本机换了新的期次，原来的号段作废，请联网或者由局里重新分配\n",
		s.dir, model.DateOf(rep.Made).Chinese(), rep.Records, rep.Files)
	return nil
}

type storeRecoveryCmd struct {
	Public string `help:"登记局里给的恢复公钥（base64）" xor:"how" required:""`
	Make   string `help:"生成一对恢复密钥：私钥写入这个文件交局里保管，公钥登记到本机" xor:"how" required:"" type:"path"`
}

// Run implements the command.
func (c *storeRecoveryCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		if c.Make == "" {
			public, err := publicKeys([]string{c.Public})
			if err != nil {
				return err
			}
			if err := o.Keys.AddRecovery(public[0]); err != nil {
				return err
			}
			s.printf("已登记恢复公钥\n")
			return nil
		}
		public, err := makeRecovery(c.Make)
		if err != nil {
			return err
		}
		if err := o.Keys.AddRecovery(public); err != nil {
			return errors.Join(err, os.Remove(c.Make))
		}
		s.printf("私钥已写入“%s”，请交局里离线保管；公钥 %s 已登记到本机\n", c.Make, base64.StdEncoding.EncodeToString(public))
		return nil
	})
}

// makeRecovery writes a new private key to a file and returns the public one.
func makeRecovery(path string) ([]byte, error) {
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("生成恢复密钥: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("不能写入“%s”，请换一个还没有的文件名", path)
	}
	_, err = fmt.Fprintln(f, base64.StdEncoding.EncodeToString(key.Bytes()))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, errors.Join(fmt.Errorf("写入“%s”: %w", path, err), os.Remove(path))
	}
	return key.PublicKey().Bytes(), nil
}

type storeHistoryCmd struct {
	ID string `arg:"" help:"记录编号"`
	At string `help:"只看这一时刻的内容，如 2026-09-18 或 2026-09-18T10:00"`
}

// Run implements the command.
func (c *storeHistoryCmd) Run(s *session) error {
	id, err := model.ParseID(c.ID)
	if err != nil {
		return err
	}
	return s.with(func(o *office.Office) error {
		revs, err := o.Store.History(s.ctx, id)
		if err != nil {
			return err
		}
		if c.At != "" {
			return s.stateAt(revs, c.At)
		}
		changes, err := model.Changes(revs)
		if err != nil {
			return err
		}
		field := func(path string) string { return path }
		if len(revs) > 0 {
			field = fieldWords(revs[0].Kind)
		}
		for _, x := range changes {
			s.printf("%s  %s  %s：%s → %s\n", x.Time.Format("2006-01-02 15:04"), s.nameOf(o, x.Author), field(x.Path), s.shown(o, x.Before), s.shown(o, x.After))
		}
		s.printf("共 %d 次修改，%d 项变化\n", len(revs), len(changes))
		return nil
	})
}

// stateAt prints a record as it was at a moment; a day means its end.
func (s *session) stateAt(revs []model.Revision, text string) error {
	at, err := time.ParseInLocation("2006-01-02T15:04", text, time.Local)
	if err != nil {
		if at, err = time.ParseInLocation(time.DateOnly, text, time.Local); err != nil {
			return fmt.Errorf("“%s”不是时间，请写成 2026-09-18 或 2026-09-18T10:00", text)
		}
		at = at.AddDate(0, 0, 1).Add(-time.Nanosecond)
	}
	r, ok := model.AsOf(revs, at)
	if !ok {
		return fmt.Errorf("这条记录在 %s 还没有: %w", text, model.ErrNotFound)
	}
	return s.json(r)
}

type storeStatsCmd struct {
	JSON bool `help:"以 JSON 输出"`
}

// Run implements the command.
func (c *storeStatsCmd) Run(s *session) error {
	return s.with(func(o *office.Office) error {
		st, err := o.Store.Stats(s.ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return s.json(st)
		}
		s.printf("记录 %d 条\n修改 %d 次\n等待上报 %d 条\n冲突 %d 处\n数据库 %d 字节\n", st.Records, st.Revisions, st.Pending, st.Conflicts, st.Bytes)
		return nil
	})
}

type searchCmd struct {
	Text  []string `arg:"" example:"张建国" help:"查找的文字，至少两个字；多个词要同时出现"`
	Kind  string   `help:"只找一个种类，如 用人单位 或 employer"`
	Limit int      `default:"50" help:"最多几条"`
}

// Run implements the command.
func (c *searchCmd) Run(s *session) error {
	var kind model.Kind
	if c.Kind != "" {
		var err error
		if kind, err = kindOf(c.Kind); err != nil {
			return err
		}
	}
	text := strings.Join(c.Text, " ")
	for _, word := range strings.Fields(text) {
		if len([]rune(word)) < 2 {
			return fmt.Errorf("“%s”太短，每个词至少要有两个字", word)
		}
	}
	return s.with(func(o *office.Office) error {
		q := model.Query{Text: text, Kind: kind, Limit: c.Limit}
		heads, err := o.Store.List(s.ctx, q)
		if err != nil {
			return err
		}
		all, err := o.Store.Count(s.ctx, q)
		if err != nil {
			return err
		}
		for _, h := range heads {
			s.printf("%s  %s  %s\n", h.ID, kindWord(h.Kind), strings.Join(found(h, strings.Fields(text)), "  "))
		}
		s.printf("找到 %d 条，列出 %d 条\n", all, len(heads))
		return nil
	})
}

// found is what a list may show of a record that was searched for: its state,
// number and title, and the people in it with their data masked.
func found(h model.Head, words []string) []string {
	out := []string{h.Summary.State, h.Summary.Number}
	r, err := model.Decode(h.Kind, h.Body)
	if err != nil {
		return out
	}
	out = append(out, label(r))
	switch v := r.(type) {
	case *model.WageRoll:
		out = append(out, workers(v, words)...)
	case *model.Interview:
		out = append(out, statute.MaskID(v.IDNo), statute.MaskPhone(v.Phone))
	case *model.Lead:
		out = append(out, maskName(v.Complainant), statute.MaskPhone(v.Phone))
	case *model.Employer:
		out = append(out, statute.MaskPhone(v.Phone))
	}
	shown := out[:0]
	for _, x := range out {
		if x != "" {
			shown = append(shown, x)
		}
	}
	return shown
}

// workersShown is how many workers of a roll are named in a result.
const workersShown = 3

// workers are those of a roll that a word of the search speaks of.
func workers(roll *model.WageRoll, words []string) (out []string) {
	for _, w := range roll.Workers {
		for _, word := range words {
			if strings.Contains(w.Name, word) || strings.Contains(w.IDNo, strings.ToUpper(word)) {
				out = append(out, maskName(w.Name)+" "+statute.MaskID(w.IDNo))
				break
			}
		}
		if len(out) == workersShown {
			break
		}
	}
	return out
}

// maskName keeps the surname.
func maskName(name string) string {
	runes := []rune(name)
	if len(runes) < 2 {
		return name
	}
	return string(runes[:1]) + strings.Repeat("*", len(runes)-1)
}
