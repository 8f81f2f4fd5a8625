package office

import (
	"slices"
	"testing"

	"anxin/model"
	"anxin/model/modeltest"
)

// What a register says the store knows of its columns, the store knows.
func TestRegistersSayWhatTheStoreKnows(t *testing.T) {
	employer := modeltest.Employer(1)
	employer.Contact, employer.ContactPhone = "王五", "13900000001"
	site := modeltest.Site(1, modeltest.ID(1, 1))
	site.Owner, site.Stage, site.WageOfficer, site.ProjectCode = modeltest.ID(1, 2), model.StageBuilding, "赵六", "4307252609180001"
	grid := &model.Grid{Code: "430725001", Level: 2, Parent: "430725", Name: "漳江街道", Keeper: "钱七"}
	for name, record := range map[string]model.Record{"employers": employer, "sites": site, "officers": modeltest.Officer(1), "grids": grid} {
		body, err := model.Encode(record, nil)
		if err != nil {
			t.Fatal(err)
		}
		item, err := itemOf(model.Head{Body: body})
		if err != nil {
			t.Fatal(err)
		}
		sum := record.Summary()
		for _, column := range registers[name].indexed {
			if v := item[column]; v == "" || !slices.Contains(sum.Find, v) {
				t.Errorf("%s: %s %q is not found", name, column, v)
			}
		}
		for _, column := range registers[name].exact {
			if v := item[column]; v == "" || !slices.Contains(sum.Exact, model.Exactly(column, v)) {
				t.Errorf("%s: %s %q is not picked by", name, column, v)
			}
		}
	}
}
