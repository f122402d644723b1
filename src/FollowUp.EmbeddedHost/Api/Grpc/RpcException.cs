namespace Grpc.Core;

/// <summary>The gRPC status codes that the durable client can answer with.</summary>
public enum StatusCode
{
    OK = 0,
    Unknown = 2,
    InvalidArgument = 3,
    NotFound = 5,
    AlreadyExists = 6,
    FailedPrecondition = 9,
    Internal = 13,
}

/// <summary>A status code and what went wrong.</summary>
public readonly record struct Status(StatusCode StatusCode, string Detail)
{
    public override string ToString() => $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")";
}

/// <summary>What the durable client throws where the real one's server refused. The embedded engine has no wire, only the same errors.</summary>
#pragma warning disable CA1032 // The real one has no parameterless constructor.
public class RpcException : Exception
#pragma warning restore CA1032
{
    public RpcException(Status status)
        : this(status, status.ToString())
    {
    }

    public RpcException(Status status, string message)
        : base(message) => Status = status;

    public Status Status { get; }

    public StatusCode StatusCode => Status.StatusCode;
}
