namespace Twilio.Exceptions;

/// <summary>Twilio answered with an error, or with something that is not Twilio's JSON.</summary>
public class ApiException : TwilioException
{
    public ApiException(string message)
        : base(message)
    {
    }

    public ApiException(string message, Exception exception)
        : base(message, exception)
    {
    }

    internal ApiException(int code, int status, string message)
        : base(message)
    {
        Code = code;
        Status = status;
    }

    /// <summary>Twilio's error code; 0 when the answer carried none.</summary>
    public int Code { get; }

    /// <summary>The HTTP status; 0 when the body could not be read as Twilio's JSON, whatever the status was.</summary>
    public int Status { get; }
}
