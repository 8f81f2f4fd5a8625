package paper

import (
	"encoding/json"
	"fmt"
	"io/fs"

	"anxin/assets"
)

// token has the size of a real one: CBOR and a signature in base45, a version 11 symbol at level M.
const token = "NCFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NGHCRZI4EQPCLHHDOZFQ2DX.O7WAQ3GQ09B56WB9R6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NGHCRZI4EQPCLHHDOZFQ2DX.O7WAQ3GQ09B56WB9R6BFOXN%TS3DH0YOJ58S S-W5HDC *M0II5XHC9B5G2+$N IOP-IA%NGHCRZI4EQPCLHHDOZFQ2DX.O7WAQ3GQ09B56WB9R"

// sample is the sample of the house for a type, as it stands beside the templates.
func sample(docType string) Job {
	job := Job{Type: docType, Token: token, Issued: issued}
	raw, err := fs.ReadFile(assets.Papers, "samples/"+docType+".json")
	if err == nil {
		err = json.Unmarshal(raw, &job)
	}
	if err != nil {
		panic(fmt.Sprintf("samples/%s.json: %v", docType, err))
	}
	return job
}

func rowsOf(column string, texts ...string) []map[string]any {
	var out []map[string]any
	for _, s := range texts {
		out = append(out, map[string]any{column: s})
	}
	return out
}

var rareNames = []string{"𠮷田勇", "李㛃", "欧阳䶮", "𬱖小红", "艾力·买买提", "张伟", "陈静"}

func workerRows(n int) []map[string]any {
	var out []map[string]any
	for i := range n {
		out = append(out, map[string]any{
			"name": rareNames[i%len(rareNames)], "id_number": fmt.Sprintf("3301101990%02d%02d%03dX", i%12+1, i%28+1, i),
			"trade": []string{"木工班", "钢筋班", "泥水班"}[i%3], "period": "2025-11—2026-02",
			"due": fmt.Sprintf("%d,%03d.00", 14+i%9, i), "paid": "3,000.00", "owed": fmt.Sprintf("%d,%03d.00", 11+i%9, i), "card": fmt.Sprintf("%04d", i),
		})
	}
	return out
}

// orderJob is a rectification order for wage arrears with n workers in its annex.
func orderJob(n int) Job {
	job := sample("D06")
	job.Attachment = []byte(`{"type":"D06"}`)
	job.Fields["workers"], job.Fields["worker_count"] = workerRows(n), fmt.Sprint(n)
	if n == 0 {
		job.Fields["wages"] = false
		delete(job.Fields, "workers")
	}
	return job
}

func receiptJob() Job { return sample("D16") }

// interviewJob is an interview with the given questions, or with those of the sample.
func interviewJob(questions []map[string]any) Job {
	job := sample("D28")
	if questions != nil {
		job.Fields["questions"] = questions
	}
	return job
}

func samples() map[string]Job {
	return map[string]Job{"D01": sample("D01"), "D02": sample("D02"), "D03": sample("D03"), "D06": orderJob(28), "D16": receiptJob(), "D28": interviewJob(nil)}
}

func manyQuestions(n int) []map[string]any {
	var out []map[string]any
	for i := range n {
		out = append(out, map[string]any{
			"q": fmt.Sprintf("第%d问：哪几个月没发，应发多少、已发多少、还欠多少，怎么算出来的？", i+1),
			"a": fmt.Sprintf("第%d答：2025年11月到2026年2月四个月，按考勤表上我签字的天数算，还欠%d元。", i+1, 10000+i),
		})
	}
	return out
}
