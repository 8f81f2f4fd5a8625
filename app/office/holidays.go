package office

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"anxin/model/statute"
)

// settingHolidays keeps the holiday arrangements an office took in, by file
// name. The tables the program carries stay below them.
const settingHolidays = "law.holidays"

// maxHolidays bounds one file: a year is a few hundred lines.
const maxHolidays = 1 << 20

// AddHolidays takes in the holiday arrangement of a year from a small file
// (CSV, or the JSON of public tables) and computes every running clock again.
// It returns how many due days moved.
func (o *Office) AddHolidays(ctx context.Context, path string) (moved int, err error) {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return 0, fmt.Errorf("找不到文件“%s”，请核对路径", path)
	}
	if info.Size() > maxHolidays {
		return 0, fmt.Errorf("“%s”太大，不像是一年的放假安排", filepath.Base(path))
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("读取“%s”: %w", path, err)
	}
	law, err := o.Law.WithHolidays(filepath.Base(path), raw)
	if err != nil {
		return 0, err
	}
	kept, err := o.holidays(ctx)
	if err != nil {
		return 0, err
	}
	kept[filepath.Base(path)] = string(raw)
	text, err := json.Marshal(kept)
	if err != nil {
		return 0, fmt.Errorf("保存放假安排: %w", err)
	}
	if err := o.Store.SetSetting(ctx, settingHolidays, string(text)); err != nil {
		return 0, err
	}
	o.judgeBy(law)
	return o.Desk.Recount(ctx)
}

// holidays are the arrangements taken in so far.
func (o *Office) holidays(ctx context.Context) (map[string]string, error) {
	kept := map[string]string{}
	text, err := o.Store.Setting(ctx, settingHolidays)
	if err != nil || text == "" {
		return kept, err
	}
	if err := json.Unmarshal([]byte(text), &kept); err != nil {
		return nil, fmt.Errorf("本机保存的放假安排已损坏，请在“设置”中重新导入: %w", err)
	}
	return kept, nil
}

// takeHolidays adds the office's own arrangements to the carried law.
func (o *Office) takeHolidays(ctx context.Context) error {
	kept, err := o.holidays(ctx)
	if err != nil {
		return err
	}
	for name, raw := range kept {
		law, err := o.Law.WithHolidays(name, []byte(raw))
		if err != nil {
			return errors.Join(fmt.Errorf("放假安排“%s”不能使用，请重新导入", name), err)
		}
		o.Law = law
	}
	return nil
}

// judgeBy makes the desk count by other tables.
func (o *Office) judgeBy(law *statute.Law) {
	o.Law = law
	o.Desk = o.Desk.WithLaw(law)
}
