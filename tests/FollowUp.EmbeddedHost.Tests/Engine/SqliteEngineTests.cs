using FollowUp.EmbeddedHost.Tests.Engine.Suite;

namespace FollowUp.EmbeddedHost.Tests.Engine;

// The suite on the SQLite engine: every class of it once, each test on a file of its own.

public sealed class SqliteStartTests : StartTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteExternalEventTests : ExternalEventTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteEventTimeoutTests : EventTimeoutTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteTimerTests : TimerTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteActivityTests : ActivityTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteRetryTests : RetryTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteContinueAsNewTests : ContinueAsNewTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteStatusTests : StatusTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteLifecycleTests : LifecycleTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteQueryTests : QueryTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteNonDeterminismTests : NonDeterminismTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteFailureTests : FailureTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteVersionTests : VersionTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteLoggingAndJsonTests : LoggingAndJsonTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteThreadTests : ThreadTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteRecoveryTests : RecoveryTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}

public sealed class SqliteCapacityTests : CapacityTests
{
    protected override EngineUnderTest CreateEngine(EngineSetup setup) => new SqliteEngineUnderTest(setup);
}
