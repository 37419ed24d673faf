// Package scenarios is the specification's acceptance tables as tests: a test
// for each row, named by the row's id (L and M: lambda.md, E: ecs.md, D:
// deployments.md, A: api.md), that asserts all that the row says. A row about a
// member that the SDK cannot leave out or misspell is in package api.
//
// Every test has a whole controller in one process - real store on SQLite, real
// engine, real API - and calls it with the AWS SDK. What is far away is
// scripted: a Lambda that keeps aliases and invocations, a CloudWatch with
// alarms, an STS and an S3; save ECS and its load balancers, which are the local
// cloud's and really run tasks. The controller's clock stands still until the test
// moves it.
//
// The package consists of tests only. world_test.go says how a scenario is set
// up, see_test.go how a deployment is looked at; with ECS, ecs_world_test.go and
// ecs_see_test.go.
package scenarios
