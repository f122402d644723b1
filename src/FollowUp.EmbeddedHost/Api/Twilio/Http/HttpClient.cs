namespace Twilio.Http;

/// <summary>What carries a request to Twilio. An answer of any status is returned; only a missing answer throws.</summary>
public abstract class HttpClient
{
    public abstract Response MakeRequest(Request request);

    public abstract Task<Response> MakeRequestAsync(Request request);
}
