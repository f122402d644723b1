using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Who may call an HTTP function, by the host's own keys.</summary>
public enum AuthorizationLevel
{
    /// <summary>Anybody: the app checks for itself.</summary>
    Anonymous = 0,

    /// <summary>A signed-in user; not in use.</summary>
    User = 1,

    /// <summary>A caller with the function's key.</summary>
    Function = 2,

    /// <summary>A caller with an extension's key.</summary>
    System = 3,

    /// <summary>A caller with the master key.</summary>
    Admin = 4,
}

/// <summary>Starts the function with an HTTP request; the parameter is an <c>HttpRequest</c>.</summary>
public sealed class HttpTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>Every verb; callers need the function's key.</summary>
    public HttpTriggerAttribute()
        => AuthLevel = AuthorizationLevel.Function;

    /// <summary>The verbs given.</summary>
    public HttpTriggerAttribute(params string[] methods)
        => Methods = methods;

    /// <summary>Every verb.</summary>
    public HttpTriggerAttribute(AuthorizationLevel authLevel)
        => AuthLevel = authLevel;

    /// <summary>The verbs given.</summary>
    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
    }

    /// <summary>
    /// The route template, without the prefix of host.json and without a leading slash; the function's name when null.
    /// It must not begin with <c>admin</c> or <c>runtime</c>.
    /// </summary>
    public string? Route { get; set; }

    /// <summary>The verbs that reach the function; null or empty means every verb, HEAD and OPTIONS among them.</summary>
    public string[]? Methods { get; private set; }

    /// <summary>Who may call the function.</summary>
    public AuthorizationLevel AuthLevel { get; private set; }
}
