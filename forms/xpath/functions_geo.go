package xpath

import (
	"math"
	"strconv"
	"strings"
)

// The radius in metres by which ODK measures on the sphere (WGS 84, equator).
const earthRadius = 6_378_100.0

type point struct{ lat, lon float64 }

var geoFunctions = map[string]function{
	"area": {1, 1, func(r *run, f focus, a []expr) Value {
		points, ok := parsePoints(r.texts(f, a))
		if !ok {
			return Number(math.NaN())
		}
		return Number(round2(area(points)))
	}},
	"distance": {1, -1, func(r *run, f focus, a []expr) Value {
		points, ok := parsePoints(r.texts(f, a))
		if !ok {
			return Number(math.NaN())
		}
		total := 0.0
		for i := 1; i < len(points); i++ {
			total += distance(points[i-1], points[i])
		}
		return Number(round2(total))
	}},
	"geofence": {2, 2, func(r *run, f focus, a []expr) Value {
		at, ok := parsePoints([]string{r.text(f, a, 0)})
		fence, ok2 := parsePoints([]string{r.text(f, a, 1)})
		return Bool(ok && ok2 && len(at) == 1 && inside(at[0], fence))
	}},
}

func round2(x float64) float64 { return math.Round(x*100) / 100 }

// parsePoints reads "lat lon [altitude accuracy]" separated by semicolons.
func parsePoints(texts []string) ([]point, bool) {
	var points []point
	for _, text := range texts {
		for _, part := range strings.Split(text, ";") {
			words := strings.Fields(part)
			if len(words) == 0 {
				continue
			}
			if len(words) < 2 {
				return nil, false
			}
			lat, err := strconv.ParseFloat(words[0], 64)
			lon, err2 := strconv.ParseFloat(words[1], 64)
			if err != nil || err2 != nil || !(math.Abs(lat) <= 90) || !(math.Abs(lon) <= 180) {
				return nil, false
			}
			points = append(points, point{lat, lon})
		}
	}
	return points, true
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

// distance is the great-circle distance in metres.
func distance(a, b point) float64 {
	dLon := radians(b.lon - a.lon)
	cosine := math.Sin(radians(a.lat))*math.Sin(radians(b.lat)) + math.Cos(radians(a.lat))*math.Cos(radians(b.lat))*math.Cos(dLon)
	return math.Acos(math.Max(-1, math.Min(1, cosine))) * earthRadius
}

// area is the area in square metres enclosed on the sphere.
func area(points []point) float64 {
	if len(points) < 3 {
		return 0
	}
	total := 0.0
	for i, p := range points {
		q := points[(i+1)%len(points)]
		total += radians(q.lon-p.lon) * (2 + math.Sin(radians(p.lat)) + math.Sin(radians(q.lat)))
	}
	return math.Abs(total * earthRadius * earthRadius / 2)
}

// inside casts a ray along the parallel.
func inside(p point, fence []point) bool {
	in := false
	for i := range fence {
		a, b := fence[i], fence[(i+1)%len(fence)]
		if (a.lat > p.lat) != (b.lat > p.lat) && p.lon < (b.lon-a.lon)*(p.lat-a.lat)/(b.lat-a.lat)+a.lon {
			in = !in
		}
	}
	return in
}
