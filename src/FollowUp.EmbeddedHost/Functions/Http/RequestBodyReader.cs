using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FollowUp.EmbeddedHost.Functions.Http;

/// <summary>Reads a request's body into a parameter, with the formatters that MVC has: JSON unless the app adds others.</summary>
internal static class RequestBodyReader
{
    /// <exception cref="InvalidOperationException">The body is empty or malformed, or no formatter takes its media type.</exception>
    public static async ValueTask<object?> ReadAsync(HttpContext http, Type type)
    {
        IServiceProvider services = http.RequestServices;
        var metadata = services.GetRequiredService<IModelMetadataProvider>().GetMetadataForType(type);
        var readers = services.GetRequiredService<IHttpRequestStreamReaderFactory>();
        var state = new ModelStateDictionary();
        var context = new InputFormatterContext(http, "", state, metadata, readers.CreateReader);
        IInputFormatter formatter =
            services.GetRequiredService<IOptions<MvcOptions>>().Value.InputFormatters.FirstOrDefault(f => f.CanRead(context))
            ?? throw new InvalidOperationException($"No formatter reads a body of media type '{http.Request.ContentType}'.");

        InputFormatterResult result = await formatter.ReadAsync(context);
        if (result.HasError)
        {
            // The error's own text would repeat parts of the body, which may be a patient's.
            string where = string.Join(", ", state.Where(entry => entry.Value?.Errors.Count > 0).Select(entry => entry.Key));
            throw new InvalidOperationException($"The body is not a valid {type.Name} (at '{where}').");
        }

        return result.IsModelSet ? result.Model : throw new InvalidOperationException("The body is empty.");
    }
}
