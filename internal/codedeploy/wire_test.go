package codedeploy

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

func TestTimestampIsWrittenAsSecondsWithMilliseconds(t *testing.T) {
	for _, test := range []struct {
		name  string
		value any
		want  string
	}{
		{"milliseconds", NewTimestamp(time.UnixMilli(1446744188711)), "1446744188.711"},
		{"whole second", NewTimestamp(time.Unix(1446744188, 0)), "1446744188.000"},
		{"cut, not rounded", Timestamp{time.Unix(1446744188, 999_999_999)}, "1446744188.999"},
		{"epoch", NewTimestamp(time.Unix(0, 0)), "0.000"},
		{"last", NewTimestamp(time.Unix(253402300799, 0)), "253402300799.000"},
		{"absent alone", Timestamp{}, "null"},
		{"absent member", TimeRange{}, "{}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := json.Marshal(test.value)
			if err != nil || string(got) != test.want {
				t.Errorf("got %s, %v, want %s", got, err, test.want)
			}
		})
	}
}

func TestTimestampOutsideTheRangeIsNotWritten(t *testing.T) {
	for _, moment := range []time.Time{time.Unix(-1, 0), time.Unix(253402300800, 0)} {
		if got, err := json.Marshal(Timestamp{moment}); err == nil {
			t.Errorf("%v was written as %s", moment, got)
		}
	}
}

func TestTimestampIsReadFromNumbersAndStrings(t *testing.T) {
	const want = 1446744188711
	for _, input := range []string{
		`1446744188.711`, `1.446744188711e9`, `1446744188.7110001`,
		`"2015-11-05T17:23:08.711Z"`, `"2015-11-05T18:23:08.711+01:00"`, `"2015-11-05T18:23:08.711+0100"`,
		`"2015-11-05T17:23:08.711"`, `"20151105T172308.711Z"`, `"Thu, 05 Nov 2015 17:23:08.711 GMT"`,
		`"Thu, 05 Nov 2015 12:23:08.711 -0500"`, `"Thu, 5 Nov 2015 17:23:08.711 GMT"`,
	} {
		var got Timestamp
		if err := json.Unmarshal([]byte(input), &got); err != nil || got.UnixMilli() != want {
			t.Errorf("%s: got %v, %v", input, got, err)
		}
	}
}

func TestTimestampReadsMinutesAndDays(t *testing.T) {
	for input, want := range map[string]string{
		`"2015-11-05"`:            "2015-11-05T00:00:00Z",
		`"05 Nov 15 17:23 UTC"`:   "2015-11-05T17:23:00Z",
		`"05 Nov 15 17:23 +0000"`: "2015-11-05T17:23:00Z",
		`0`:                       "1970-01-01T00:00:00Z",
		`253402300799`:            "9999-12-31T23:59:59Z",
	} {
		var got Timestamp
		if err := json.Unmarshal([]byte(input), &got); err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%s: got %v, %v, want %s", input, got, err, want)
		}
	}
}

func TestTimestampRefusesWhatIsNoTime(t *testing.T) {
	for _, input := range []string{`-1`, `253402300800`, `253402300799.5`, `1e300`, `1e999`, `true`, `{}`, `[]`,
		`""`, `"yesterday"`, `"1446744188"`, `"1969-12-31T23:59:59Z"`, `"Thu, 99 Nov 2015 17:23:08 GMT"`} {
		var got Timestamp
		if err := json.Unmarshal([]byte(input), &got); err == nil {
			t.Errorf("%s was read as %v", input, got)
		}
	}
}

func TestTimestampNullIsAbsent(t *testing.T) {
	var got TimeRange
	if err := json.Unmarshal([]byte(`{"start":null}`), &got); err != nil || !got.Start.IsZero() {
		t.Errorf("got %v, %v", got, err)
	}
}

// FuzzTimestamp checks that whatever is read can be written and read again as
// the same moment.
func FuzzTimestamp(f *testing.F) {
	for _, seed := range []string{`1446744188.711`, `"2015-11-05T17:23:08.711Z"`, `"Thu, 05 Nov 2015 17:23:08 GMT"`, `253402300799`, `null`, `-0.0004`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		var first, second Timestamp
		if json.Unmarshal([]byte(input), &first) != nil || first.IsZero() {
			return
		}
		text, err := json.Marshal(first)
		if err != nil {
			t.Fatalf("%s was read as %v and is not written: %v", input, first, err)
		}
		if err := json.Unmarshal(text, &second); err != nil || !second.Equal(first.Time) {
			t.Fatalf("%s was read as %v, written as %s, read as %v: %v", input, first, text, second, err)
		}
	})
}

func TestDoubleAlwaysHasAFraction(t *testing.T) {
	for value, want := range map[Double]string{0: "0.0", 1: "1.0", 0.1: "0.1", 100: "100.0", 0.3: "0.3", 1e21: "1000000000000000000000.0", -2.5: "-2.5"} {
		if got, err := json.Marshal(value); err != nil || string(got) != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	for _, value := range []float64{math.NaN(), math.Inf(1)} {
		if got, err := json.Marshal(Double(value)); err == nil {
			t.Errorf("%v was written as %s", value, got)
		}
	}
	var read Double
	if err := json.Unmarshal([]byte("10"), &read); err != nil || read != 10 {
		t.Errorf("10 was read as %v, %v", read, err)
	}
}

func TestAbsentAndEmptyMembers(t *testing.T) {
	for _, test := range []struct {
		name  string
		value any
		want  string
	}{
		{"absent members are left out", GetDeploymentOutput{}, `{}`},
		{"an empty list is written", ListDeploymentsOutput{Deployments: []string{}}, `{"deployments":[]}`},
		{"false and zero are written", AlarmConfiguration{Enabled: new(false)}, `{"enabled":false}`},
		{"counters", DeploymentOverview{Failed: new(int64(0))}, `{"Failed":0}`},
		{"diagnostics", Diagnostics{ErrorCode: LifecycleErrorCodeUnknownError}, `{"errorCode":"UnknownError","logTail":"","message":"","scriptName":""}`},
		{"batch error message", BatchGetDeploymentGroupsOutput{}, `{"errorMessage":""}`},
		{"sic", ECSTaskSet{Identifer: "ecs-svc/1"}, `{"identifer":"ecs-svc/1"}`},
		{"capitals", ListTagsForResourceOutput{Tags: []Tag{{Key: "a", Value: "b"}}}, `{"Tags":[{"Key":"a","Value":"b"}]}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, err := json.Marshal(test.value); err != nil || string(got) != test.want {
				t.Errorf("got %s, %v, want %s", got, err, test.want)
			}
		})
	}
}

func TestExceptionNamesCodeAndMessage(t *testing.T) {
	exception := ApplicationDoesNotExistException.Errorf("No application found for name: %s", "Foo")
	if exception.Code != "ApplicationDoesNotExistException" || exception.Message != "No application found for name: Foo" {
		t.Errorf("got %+v", exception)
	}
	if got := exception.Error(); got != "ApplicationDoesNotExistException: No application found for name: Foo" {
		t.Errorf("got %s", got)
	}
	if got := (&Exception{Code: InvalidArnException}).Error(); strings.Contains(got, ":") {
		t.Errorf("got %s", got)
	}
	if got := CodeOf(fmt.Errorf("reading: %w", exception)); got != ApplicationDoesNotExistException {
		t.Errorf("got %q", got)
	}
	if got := CodeOf(errors.New("disk full")); got != "" {
		t.Errorf("got %q", got)
	}
}
