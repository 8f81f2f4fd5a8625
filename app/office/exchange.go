package office

import (
	"context"
	"fmt"
	"time"

	"anxin/sync/client"
)

// settingLastSync is when the last exchange with the hub went well.
const settingLastSync = "sync.last"

// Exchange runs one cycle with the hub and notes that it went well; the keys
// that papers are checked with are published anew.
func (o *Office) Exchange(ctx context.Context, progress func(client.Progress)) (client.Summary, error) {
	sum, err := o.Sync.Sync(ctx, progress)
	if err != nil {
		return sum, err
	}
	if err := o.Store.SetSetting(ctx, settingLastSync, o.Now().Format(time.RFC3339)); err != nil {
		return sum, err
	}
	if err := o.formalise(ctx, &sum); err != nil {
		return sum, err
	}
	offices, err := o.Desk.Offices(ctx)
	if err != nil {
		return sum, err
	}
	if len(offices) > 1 {
		sum.Notes = append(sum.Notes, fmt.Sprintf("局里有%d份单位资料，本机继续使用“%s”；请在“设置”中核对单位名称、地址和法院", len(offices), offices[len(offices)-1].Value.Name))
	}
	return sum, o.PublishKeys(ctx)
}

// formalise gives papers under a provisional number theirs: an exchange may
// have brought what they wait for.
func (o *Office) formalise(ctx context.Context, sum *client.Summary) error {
	n, err := o.Desk.FormaliseAll(ctx)
	if n > 0 {
		sum.Notes = append(sum.Notes, fmt.Sprintf("%d份暂编号的文书已经改编正式文号，正式文本下次同步时上报", n))
	}
	return err
}

// LastExchange is when the last exchange went well; zero when none has.
func (o *Office) LastExchange(ctx context.Context) (time.Time, error) {
	text, err := o.Store.Setting(ctx, settingLastSync)
	if err != nil || text == "" {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339, text)
}
