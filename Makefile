# Two commands do everything: `make run` and `make test`.
# GOFLAGS keeps one set of flags everywhere, so that nothing is built twice.
export GOFLAGS ?= -buildvcs=false
TAGS   := x11,gles,no_animations
SLIM   := -ldflags='-s -w'
DAY    ?= $(if $(wildcard ../shared/day/day.json),../shared/day,sample)
OUT    ?= build/day

.PHONY: run test build anxinctl hub vet unit window day screens bench soak fonts clean

run: build
	@if [ -n "$$DISPLAY" ]; then exec build/anxin; else \
	echo "没有显示器：在虚拟显示器中走完示例的一天，结果在 $(OUT)/  (no display: working through the sample day under a virtual one)"; \
	sh .ci/need window && sh .ci/window day "$(DAY)" "$(OUT)"; fi

build: build/need.ok
	flags=$$(sh .ci/ime $(TAGS)) && go build $$flags $(SLIM) -o build/anxin ./app

build/need.ok: .ci/need
	sh .ci/need build
	@mkdir -p build && touch $@

anxinctl:
	CGO_ENABLED=0 go build $(SLIM) -o build/anxinctl ./app/anxinctl

hub:
	CGO_ENABLED=0 go build $(SLIM) -o build/anxin-hub ./sync/hubd

test: vet unit window

vet: build/need.ok
	sh .ci/need check
	go vet -tags ci ./...

# Most stories of the simulator and most pictures of papers are left to runs
# where the race detector is not looking; the planted faults are built apart.
unit:
	go test -race -timeout 40m -tags ci ./...
	go test -tags ci -run '^TestSimulator' ./sync/synctest
	go test -tags 'ci planted' -run '^TestPlantedBugs$$' ./sync/synctest
	go test -tags ci ./forms/paper

window: build anxinctl
	sh .ci/need window
	sh .ci/window test

day: anxinctl
	build/anxinctl day --in "$(DAY)" --out "$(OUT)"

# Pictures of every page in both languages, on two screens and at two scales.
screens: build
	sh .ci/need window
	@for l in zh-Hans en; do for s in 1366x768 1920x1080; do for k in 1 1.5; do sh .ci/window screens $$l $$s $$k || exit 1; done; done; done

bench:
	go test -tags ci -run '^$$' -bench . -benchmem ./...

# Long runs: cuts, seeds, faults and a minute of fuzzing for every reader of what
# comes from outside.
soak:
	ANXIN_SOAK=1 ANXIN_KILL_CYCLES=1000 ANXIN_SIM_SEEDS=50000 ANXIN_SIM_DISK_SEEDS=1000 ANXIN_CUT_STEP=1 go test -tags ci -timeout 6h ./model/store/... ./sync/... ./forms/paper/...
	ANXIN_SIM_SEEDS=2000 go test -tags ci -timeout 2h ./sync/synctest -run '^TestSimulatorOfFires$$'
	ANXIN_CROWD=2000 go test -tags ci -timeout 2h ./sync/synctest -run '^TestCrowd$$' -v
	grep -rn --include=*_test.go '^func Fuzz' . | sed 's/:.*func /:/; s/(.*//' | while IFS=: read file fuzz; do \
		go test -tags ci -run '^$$' -fuzz "^$$fuzz$$" -fuzztime 60s -fuzzminimizetime 1x "$$(dirname $$file)" || exit 1; done

# The screen faces again from Debian's fonts-noto-cjk and fonttools.
fonts:
	cd build && python3 ../assets/fonts/codepoints.py
	pyftsubset /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc --font-number=2 --unicodes-file=build/regular.txt --no-hinting --layout-features='' --output-file=assets/fonts/screen-regular.otf
	pyftsubset /usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc --font-number=2 --unicodes-file=build/bold.txt --no-hinting --layout-features='' --output-file=assets/fonts/screen-bold.otf

clean:
	rm -rf build
