using System.Net;
using System.Net.Http.Headers;

namespace Twilio.Base;

/// <summary>Something that the REST API describes.</summary>
public abstract class Resource
{
}

/// <summary>A resource with the status and the headers of the answer that brought it.</summary>
public class TwilioResponse<T>
{
    internal TwilioResponse(T data, HttpResponseHeaders? headers, HttpStatusCode statusCode)
    {
        Data = data;
        Headers = headers;
        StatusCode = statusCode;
    }

    /// <summary>Null when the answer was empty.</summary>
    public T Data { get; }

    public HttpResponseHeaders? Headers { get; }

    public HttpStatusCode StatusCode { get; }
}

/// <summary>What a list is asked for.</summary>
public abstract class ReadOptions<T>
    where T : Resource
{
    /// <summary>Records a page, 1 to 1,000; Twilio's default is 50.</summary>
    public long? PageSize { get; set; }
}
