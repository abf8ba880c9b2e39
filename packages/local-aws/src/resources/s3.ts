import { physicalName, type ResourceType } from './resource-type.ts';

/** AWS::S3::Bucket */
export const bucket: ResourceType = {
  create(properties, context) {
    const name = String(properties.BucketName ?? physicalName(context, 63).toLowerCase());
    context.services.objects.createBucket(name);
    return {
      ref: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${context.region}.amazonaws.com`,
      },
    };
  },
  async remove(name, { services: { objects } }) {
    if (objects.list(name, '', '', 1).length > 0) {
      return 'it holds objects';
    }
    objects.deleteBucket(name);
    return undefined;
  },
};
