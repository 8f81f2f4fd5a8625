package office_test

import (
	"fmt"
	"strings"
	"testing"

	"anxin/forms"
	"anxin/forms/xlsform"
	"anxin/model"
	"anxin/model/modeltest"
)

// registerForm chooses an employer of a grid.
const registerForm = `
| survey |
| | type | name | label | choice_filter | calculation |
| | text | grid | 网格 | | |
| | select_one_from_file employers | any | 用人单位 | | |
| | select_one_from_file employers | here | 本网格单位 | grid = ${grid} | |
| | calculate | code | | | pulldata('employers', 'uscc', 'name', ${any}) |
`

func TestFormsChooseFromRegisters(t *testing.T) {
	b := newBureau(t)
	var ids []model.ID
	for i := range 30 {
		e := modeltest.Employer(100 + i)
		e.Name, e.USCC, e.Grid = fmt.Sprintf("青溪第%d建筑有限公司", i), fmt.Sprintf("91430000%010d", i), fmt.Sprintf("G%d", i%3)
		ids = append(ids, b.save(e))
	}
	form, err := xlsform.CompileMarkdown(registerForm, "choose")
	b.ok(err)
	in, err := forms.New(form, forms.Env{Now: b.Now, Lists: b.Lists()})
	b.ok(err)
	found, more, err := in.Search("/any", "第12建", 10)
	b.ok(err)
	if len(found) != 1 || more || found[0].Name != string(ids[12]) || found[0].Label.In("") != "青溪第12建筑有限公司" {
		t.Errorf("found %+v", found)
	}
	for path, value := range map[string]string{"/grid": "G1", "/any": string(ids[12]), "/here": string(ids[12])} {
		_, err := in.Set(path, value)
		b.ok(err)
	}
	if got := in.Value("/code"); got != "914300000000000012" {
		t.Errorf("looked up %q", got)
	}
	if got := fmt.Sprint(in.Errors()); !strings.Contains(got, "青溪第12建筑有限公司") {
		t.Errorf("an employer of another grid: %s", got)
	}
	if found, _, err = in.Search("/here", "", 50); err != nil || len(found) != 10 {
		t.Errorf("%v: %d employers of the grid", err, len(found))
	}
	if found, more, err = in.Search("/here", "建筑", 4); err != nil || len(found) != 4 || !more {
		t.Errorf("%v: %d employers, more %v", err, len(found), more)
	}
	if _, err := b.Lists().Search("nobody", forms.Filter{}, "", 1); err == nil || !strings.Contains(err.Error(), "没有名册“nobody”") {
		t.Errorf("got %v", err)
	}
}
