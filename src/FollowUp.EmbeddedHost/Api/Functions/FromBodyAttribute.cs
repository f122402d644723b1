namespace Microsoft.Azure.Functions.Worker.Converters
{
    /// <summary>Names the type that fills a parameter.</summary>
    [AttributeUsage(
        AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Enum | AttributeTargets.Struct,
        AllowMultiple = true)]
    public class InputConverterAttribute(Type converterType) : Attribute
    {
        /// <summary>The converter.</summary>
        public Type ConverterType { get; } = converterType ?? throw new ArgumentNullException(nameof(converterType));
    }
}

namespace Microsoft.Azure.Functions.Worker.Http
{
    /// <summary>
    /// Fills a parameter from the request's body. A body that is empty, malformed or of an unknown media type fails the
    /// invocation, so that the client gets 500: read the body yourself where a client has to be told.
    /// </summary>
    public class FromBodyAttribute : Converters.InputConverterAttribute
    {
        /// <summary>For a parameter of an HTTP function.</summary>
        public FromBodyAttribute()
            : base(typeof(FollowUp.EmbeddedHost.Functions.Http.RequestBodyReader))
        {
        }
    }
}
