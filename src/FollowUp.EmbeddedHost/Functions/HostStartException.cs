namespace FollowUp.EmbeddedHost.Functions;

/// <summary>The host cannot start: a setting, a function or the machine is not as it must be. The message is for the operator.</summary>
public sealed class HostStartException : Exception
{
    /// <summary>A refusal.</summary>
    public HostStartException(string message)
        : base(message)
    {
    }

    /// <summary>A refusal with its cause.</summary>
    public HostStartException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
