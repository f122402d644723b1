namespace Twilio.Exceptions;

/// <summary>The base of every error that the client reports.</summary>
public class TwilioException : Exception
{
    public TwilioException()
    {
    }

    public TwilioException(string message)
        : base(message)
    {
    }

    public TwilioException(string message, Exception? exception)
        : base(message, exception)
    {
    }
}

/// <summary>No answer: the connection failed, was lost, or timed out. The cause is the inner exception.</summary>
/// <remarks>The message holds the request's whole URL, query included: it does not belong in a log.</remarks>
public class ApiConnectionException : TwilioException
{
    public ApiConnectionException(string message)
        : base(message)
    {
    }

    public ApiConnectionException(string message, Exception exception)
        : base(message, exception)
    {
    }
}

/// <summary>The client was used before it had an account.</summary>
public class AuthenticationException : TwilioException
{
    public AuthenticationException(string message)
        : base(message)
    {
    }
}
